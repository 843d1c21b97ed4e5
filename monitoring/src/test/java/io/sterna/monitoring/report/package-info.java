@NullMarked
package io.sterna.monitoring.report;

import org.jspecify.annotations.NullMarked;
