/** What is counted and how long things took. No clock: times are arguments. */
@NullMarked
package io.sterna.loadgen.measure;

import org.jspecify.annotations.NullMarked;
