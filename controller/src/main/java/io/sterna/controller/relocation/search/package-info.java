/**
 * The searches for a better placement. Pure: no Akka, no clock, no input or output; a deadline is a
 * number that a given source of nanoseconds passes.
 */
@NullMarked
package io.sterna.controller.relocation.search;

import org.jspecify.annotations.NullMarked;
