@NullMarked
package io.sterna.controller.southbound;

import org.jspecify.annotations.NullMarked;
