package io.sterna.loadgen.measure;

import io.sterna.protocol.RejectReason;
import java.util.EnumMap;
import java.util.Map;

/** What happened how often during a run. Not thread-safe. */
public final class Counts {
  private final Map<RejectReason, Long> refused = new EnumMap<>(RejectReason.class);
  private long events;
  private long claims;
  private long accepted;
  private long superseded;
  private long repeated;
  private long resyncs;
  private long deltas;
  private long snapshots;
  private long old;
  private long sessionsLost;

  /** A VM appeared somewhere. */
  public void event() {
    events++;
  }

  /** A claim was sent. */
  public void claim() {
    claims++;
  }

  /** An event was acknowledged. */
  public void accept() {
    accepted++;
  }

  /** A claim was refused; most are tried again. */
  public void refuse(RejectReason reason) {
    refused.merge(reason, 1L, Long::sum);
  }

  /** An event was given up: the VM appeared elsewhere meanwhile. */
  public void supersede() {
    superseded++;
  }

  /** A claim was sent again because its answer did not come. */
  public void repeat() {
    repeated++;
  }

  /** A range was asked for. */
  public void resync() {
    resyncs++;
  }

  /** A delta was applied. */
  public void delta() {
    deltas++;
  }

  /** A snapshot was applied. */
  public void snapshot() {
    snapshots++;
  }

  /** Something old was heard and dropped. */
  public void old() {
    old++;
  }

  /** A session that was open ended before the run did. */
  public void loseSession() {
    sessionsLost++;
  }

  /** How often a reason was given. */
  public Map<RejectReason, Long> refused() {
    return Map.copyOf(refused);
  }

  /** VMs that appeared somewhere. */
  public long events() {
    return events;
  }

  /** Events that were acknowledged. */
  public long accepted() {
    return accepted;
  }

  /** Events that were given up because a later one took the VM. */
  public long superseded() {
    return superseded;
  }

  /** Events that were neither acknowledged nor given up. */
  public long open() {
    return events - accepted - superseded;
  }

  /** All of it, as it stands now. */
  public Totals totals() {
    return new Totals(
        events,
        claims,
        accepted,
        superseded,
        open(),
        repeated,
        resyncs,
        deltas,
        snapshots,
        old,
        sessionsLost);
  }

  /**
   * The counts at one moment.
   *
   * @param events VMs that appeared somewhere
   * @param claims claims sent
   * @param accepted events acknowledged
   * @param superseded events given up, since the VM appeared elsewhere meanwhile
   * @param lost events neither acknowledged nor given up
   * @param repeated claims sent again because no answer came
   * @param resyncs ranges asked for
   * @param deltas deltas applied, of all elements
   * @param snapshots snapshots applied, of all elements
   * @param old messages about a past epoch or revision, dropped
   * @param sessionsLost open sessions that ended before the run did
   */
  public record Totals(
      long events,
      long claims,
      long accepted,
      long superseded,
      long lost,
      long repeated,
      long resyncs,
      long deltas,
      long snapshots,
      long old,
      long sessionsLost) {}
}
