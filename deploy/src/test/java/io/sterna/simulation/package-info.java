/** The whole control plane in one thread, on virtual time, from one seed, over the pure cores. */
@NullMarked
package io.sterna.simulation;

import org.jspecify.annotations.NullMarked;
