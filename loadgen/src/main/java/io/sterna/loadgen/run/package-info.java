/** Emulated elements and the run that drives them. */
@NullMarked
package io.sterna.loadgen.run;

import org.jspecify.annotations.NullMarked;
