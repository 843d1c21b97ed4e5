/** The planner's files: scenario folders, plans, and the curves of the paper. */
@NullMarked
package io.sterna.planning;

import org.jspecify.annotations.NullMarked;
