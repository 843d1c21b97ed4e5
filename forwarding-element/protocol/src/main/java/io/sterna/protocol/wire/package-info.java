/**
 * The bytes of southbound messages: Kryo 5 with fixed class ids and hand-written layouts.
 *
 * <p>{@link io.sterna.protocol.wire.WireCodec} is the only way in and out. The format, the table of
 * ids and the rules for changing them are in the module's {@code DESIGN.md}.
 */
@NullMarked
package io.sterna.protocol.wire;

import org.jspecify.annotations.NullMarked;
