@NullMarked
package io.sterna.linux;

import org.jspecify.annotations.NullMarked;
