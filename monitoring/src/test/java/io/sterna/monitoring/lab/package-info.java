/** Machines, traffic and an independent capture for the tests that need the kernel. */
@NullMarked
package io.sterna.monitoring.lab;

import org.jspecify.annotations.NullMarked;
