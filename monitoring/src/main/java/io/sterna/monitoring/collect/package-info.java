/** What a forwarding element runs: from the kernel's counters to reports. */
@NullMarked
package io.sterna.monitoring.collect;

import org.jspecify.annotations.NullMarked;
