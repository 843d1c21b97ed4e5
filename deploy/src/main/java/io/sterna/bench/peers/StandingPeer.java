package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import java.util.List;

/** A peer that runs, with all its receivers connected. */
public interface StandingPeer extends AutoCloseable {
  /** What puts changes into it. */
  Source source();

  /** What each receiver has. */
  List<Tally> tallies();

  /**
   * Processor time that its control part has used: what stands between source and receivers.
   *
   * @throws LabException if it has ended
   */
  double controlCpuSeconds() throws LabException;

  /**
   * @throws LabException if a part of it has ended or failed
   */
  void check() throws LabException;

  /** Ends and removes all of it. */
  @Override
  void close() throws LabException;
}
