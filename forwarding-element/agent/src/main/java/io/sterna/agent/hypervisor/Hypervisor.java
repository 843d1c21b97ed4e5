package io.sterna.agent.hypervisor;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import java.util.List;

/**
 * What runs the VMs of an element. Every call may block, and may be made again with the same
 * arguments: after a crash nobody knows how far it went. So each says what is to hold afterwards,
 * and does nothing if it holds already.
 *
 * <pre>
 * target  prepare ------------------------------------------> complete
 *            | endpoint                                          ^
 * source     `--> move: COPYING ... COPYING, PAUSED, returns ----'
 *                    |                   cancel until here: the VM runs on at the source
 * </pre>
 *
 * <p>QEMU's live migration is: {@code prepare} starts a QEMU with {@code -incoming defer} and
 * answers what {@code migrate-incoming} listens at; {@code move} is {@code migrate}, its progress
 * {@code query-migrate}, {@link Progress#paused} the event {@code STOP}; {@code complete} waits for
 * {@code RESUME} at the target; {@code cancel} is {@code migrate_cancel} at the source, and {@code
 * quit} at a target whose VM does not run.
 */
public interface Hypervisor extends AutoCloseable {
  /** What runs here, and how much more fits. */
  Inventory report() throws HypervisorException, InterruptedException;

  /** The VM runs here afterwards. */
  void start(IpAddress vm) throws HypervisorException, InterruptedException;

  /** It does not run here afterwards. */
  void stop(IpAddress vm) throws HypervisorException, InterruptedException;

  /**
   * Of the target: it is ready for the VM afterwards.
   *
   * @return where the source finds it, in whatever words source and target understand; at most 200
   *     characters
   */
  String prepare(Migration migration) throws HypervisorException, InterruptedException;

  /**
   * Of the source: the VM does not run here afterwards, but at the target. If this fails it still
   * runs here.
   *
   * @param endpoint what the target answered
   * @param progress is told how far it is
   */
  void move(Migration migration, String endpoint, Progress progress)
      throws HypervisorException, InterruptedException;

  /**
   * Of the target: whatever was prepared is over.
   *
   * @return whether the VM runs here
   */
  boolean complete(Migration migration) throws HypervisorException, InterruptedException;

  /**
   * Of either: what was begun is undone, unless the VM runs at the target already.
   *
   * @return whether the VM runs here
   */
  boolean cancel(Migration migration) throws HypervisorException, InterruptedException;

  @Override
  default void close() {}

  /** Told by whoever moves a VM. */
  interface Progress {
    /** Memory is copied while the VM runs. Bytes that are not known are 0. */
    void copying(long doneBytes, long totalBytes);

    /** The VM stands still: now packets are to go to the target. */
    void paused();
  }

  /**
   * What runs here.
   *
   * @param vms each of them
   * @param vmCapacity how many fit in all
   * @param memoryCapacityMib how much of their memory fits in all
   */
  record Inventory(List<RunningVm> vms, int vmCapacity, long memoryCapacityMib) {
    /** Copies the list. */
    public Inventory {
      vms = List.copyOf(vms);
    }
  }

  /**
   * A VM that runs here.
   *
   * @param address its address
   * @param memoryMib how much memory it has
   * @param dirtyMbps how fast it writes to that; 0 if not known
   */
  record RunningVm(IpAddress address, long memoryMib, double dirtyMbps) {}
}
