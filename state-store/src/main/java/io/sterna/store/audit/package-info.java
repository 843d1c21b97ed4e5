/**
 * Reads the record of a range: which rows count, the table of any past moment, whether anything was
 * changed. Pure: no I/O and no clock.
 */
@NullMarked
package io.sterna.store.audit;

import org.jspecify.annotations.NullMarked;
