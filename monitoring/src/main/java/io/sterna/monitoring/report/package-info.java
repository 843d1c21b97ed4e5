/**
 * From what a host counted to what a controller counts: pure, so no test needs a kernel, a session
 * or a clock.
 */
@NullMarked
package io.sterna.monitoring.report;

import org.jspecify.annotations.NullMarked;
