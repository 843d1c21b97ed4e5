/** What must be true at the end, judged from what the elements heard and were told. Pure. */
@NullMarked
package io.sterna.loadgen.check;

import org.jspecify.annotations.NullMarked;
