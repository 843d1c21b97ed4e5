/** Plans of relocations are kept and executed: one actor in the whole cluster. */
@NullMarked
package io.sterna.controller.execution;

import org.jspecify.annotations.NullMarked;
