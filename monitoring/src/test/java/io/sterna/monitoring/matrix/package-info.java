@NullMarked
package io.sterna.monitoring.matrix;

import org.jspecify.annotations.NullMarked;
