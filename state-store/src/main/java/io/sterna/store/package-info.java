/** What Sterna keeps: rows of address ranges, their chain and their bytes, and where they go. */
@NullMarked
package io.sterna.store;

import org.jspecify.annotations.NullMarked;
