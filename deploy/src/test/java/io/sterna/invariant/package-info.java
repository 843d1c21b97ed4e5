/**
 * What must hold whatever fails (the module's DESIGN.md, 'Invariants'). Each class looks at plain
 * values only, so that simulations and tests against real processes can share it. An empty list
 * means that nothing is wrong.
 */
@NullMarked
package io.sterna.invariant;

import org.jspecify.annotations.NullMarked;
