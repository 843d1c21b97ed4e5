@NullMarked
package io.sterna.controller.range;

import org.jspecify.annotations.NullMarked;
