@NullMarked
package io.sterna.ca;

import org.jspecify.annotations.NullMarked;
