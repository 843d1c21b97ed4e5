/**
 * The relocation planner: which VMs should move, where, and in which order. Pure: no Akka, no
 * clock, no input or output.
 */
@NullMarked
package io.sterna.controller.relocation;

import org.jspecify.annotations.NullMarked;
