/** Measures the whole: real processes, one figure after the other, each beside its bar. */
@NullMarked
package io.sterna.bench;

import org.jspecify.annotations.NullMarked;
