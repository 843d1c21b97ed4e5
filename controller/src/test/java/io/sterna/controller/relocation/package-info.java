@NullMarked
package io.sterna.controller.relocation;

import org.jspecify.annotations.NullMarked;
