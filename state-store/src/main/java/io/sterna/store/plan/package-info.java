/**
 * What happened to the plans of relocations: persisted, and the whole truth about them. Pure
 * values; their bytes are in {@code codec}.
 */
@NullMarked
package io.sterna.store.plan;

import org.jspecify.annotations.NullMarked;
