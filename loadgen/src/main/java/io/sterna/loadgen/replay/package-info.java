/** A recorded span, told to emulated elements again while invariants are checked. Pure. */
@NullMarked
package io.sterna.loadgen.replay;

import org.jspecify.annotations.NullMarked;
