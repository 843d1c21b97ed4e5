/** Scenarios made by chance, the same for the same seed. Pure. */
@NullMarked
package io.sterna.controller.relocation.generate;

import org.jspecify.annotations.NullMarked;
