/** Bytes of journal rows and snapshots. Pure: bytes in, values out, no I/O and no clock. */
@NullMarked
package io.sterna.store.codec;

import org.jspecify.annotations.NullMarked;
