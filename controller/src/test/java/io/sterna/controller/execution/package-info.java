@NullMarked
package io.sterna.controller.execution;

import org.jspecify.annotations.NullMarked;
