/** Turns announcements of VMs into claims. Pure: no Akka, no clock, no I/O. */
@NullMarked
package io.sterna.agent.claim;

import org.jspecify.annotations.NullMarked;
