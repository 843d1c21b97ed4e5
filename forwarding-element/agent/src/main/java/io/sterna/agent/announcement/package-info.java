/**
 * The frames by which VMs say where they are, and by which they are asked and told: bytes in,
 * values out, and back. Pure.
 */
@NullMarked
package io.sterna.agent.announcement;

import org.jspecify.annotations.NullMarked;
