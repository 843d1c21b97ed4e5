package io.sterna.bench;

import io.sterna.lab.LabException;

/**
 * Something that is done once and may yield several figures. Two that are equal are the same.
 *
 * @param <R> what it finds
 */
interface Experiment<R> {
  /**
   * @throws LabException if it cannot be carried out; the message is one line
   */
  R run(Bench bench) throws LabException;
}
