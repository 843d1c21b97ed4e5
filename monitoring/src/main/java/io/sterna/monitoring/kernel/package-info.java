/** Bytes and packets of every pair of addresses, counted by the kernel at the bridge. */
@NullMarked
package io.sterna.monitoring.kernel;

import org.jspecify.annotations.NullMarked;
