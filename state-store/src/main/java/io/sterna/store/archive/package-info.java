/** Rows of the journal in files: what a file holds, how it is written, read and checked. */
@NullMarked
package io.sterna.store.archive;

import org.jspecify.annotations.NullMarked;
