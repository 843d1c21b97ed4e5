/**
 * Who sends how much to whom now, from what all hosts report. Pure: time is an argument, and the
 * same reports give the same matrix.
 */
@NullMarked
package io.sterna.monitoring.matrix;

import org.jspecify.annotations.NullMarked;
