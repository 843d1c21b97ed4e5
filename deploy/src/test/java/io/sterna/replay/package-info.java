/** Replays of journals made by chance, whole and mutated. */
@NullMarked
package io.sterna.replay;

import org.jspecify.annotations.NullMarked;
