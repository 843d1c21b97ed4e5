@NullMarked
package io.sterna.monitoring.collect;

import org.jspecify.annotations.NullMarked;
