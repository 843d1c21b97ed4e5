/**
 * The port to whatever runs the VMs of this element: a home-made hypervisor by a command, and,
 * shaped to fit, QEMU by QMP.
 */
@NullMarked
package io.sterna.agent.hypervisor;

import org.jspecify.annotations.NullMarked;
