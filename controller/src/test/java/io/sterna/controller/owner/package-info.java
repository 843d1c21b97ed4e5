@NullMarked
package io.sterna.controller.owner;

import org.jspecify.annotations.NullMarked;
