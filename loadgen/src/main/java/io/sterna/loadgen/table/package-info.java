/** What an emulated element has heard, compactly. Pure. */
@NullMarked
package io.sterna.loadgen.table;

import org.jspecify.annotations.NullMarked;
