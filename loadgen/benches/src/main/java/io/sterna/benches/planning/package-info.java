/**
 * How good and how fast the planner is, beside an exact solver, a lower bound, METIS and random
 * restarts. Run by {@code deploy/bench --only plan}.
 */
@NullMarked
package io.sterna.benches.planning;

import org.jspecify.annotations.NullMarked;
