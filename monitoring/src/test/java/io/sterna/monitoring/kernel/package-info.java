@NullMarked
package io.sterna.monitoring.kernel;

import org.jspecify.annotations.NullMarked;
