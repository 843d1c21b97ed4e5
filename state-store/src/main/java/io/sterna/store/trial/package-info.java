/**
 * Journals made by chance from a seed, and what somebody does who tampers with one: for tests and
 * benches. Pure.
 */
@NullMarked
package io.sterna.store.trial;

import org.jspecify.annotations.NullMarked;
