/**
 * Value types and southbound messages shared by controllers and forwarding elements.
 *
 * <p>Values are immutable and validate themselves. Messages carry ids and revisions, never actor
 * references; the bytes they become are the business of {@code io.sterna.protocol.wire}.
 */
@NullMarked
package io.sterna.protocol;

import org.jspecify.annotations.NullMarked;
