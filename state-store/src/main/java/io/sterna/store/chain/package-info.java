/** The hash chain over the rows of a range. Pure: no I/O and no clock. */
@NullMarked
package io.sterna.store.chain;

import org.jspecify.annotations.NullMarked;
