@NullMarked
package io.sterna.monitoring.flow;

import org.jspecify.annotations.NullMarked;
