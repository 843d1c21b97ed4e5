/**
 * JMH benches of what every change passes through, one operation = one change of a batch. Run by
 * {@code deploy/bench --only jmh}.
 */
@NullMarked
package io.sterna.benches;

import org.jspecify.annotations.NullMarked;
