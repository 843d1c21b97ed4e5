/**
 * What the planner reads and what it answers: sites and links, who lives where and talks to whom,
 * what counts as cost, and the plan. Pure and immutable.
 */
@NullMarked
package io.sterna.controller.relocation.model;

import org.jspecify.annotations.NullMarked;
