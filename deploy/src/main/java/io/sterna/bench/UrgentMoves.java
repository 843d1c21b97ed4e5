package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.loadgen.run.LoadException;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.run.LoadWatch;
import io.sterna.loadgen.run.Result;
import io.sterna.loadgen.scenario.ScenarioException;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.tls.TlsFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** Emulated elements claim one VM after the other, in this process, until they are told to end. */
final class UrgentMoves implements LoadWatch, AutoCloseable {
  private final LoadRun run;
  private final CompletableFuture<Result> result = new CompletableFuture<>();
  private final List<Move> moves = new CopyOnWriteArrayList<>();
  private volatile boolean measuring;
  private volatile boolean gaveUp;

  /**
   * A VM moved.
   *
   * @param vm its number
   * @param dueNanos when, by {@link System#nanoTime()}
   */
  record Move(int vm, long dueNanos) {}

  private UrgentMoves(Path scenario) throws LabException {
    try {
      this.run = LoadRun.prepare(ScenarioFile.read(scenario), System::nanoTime, line -> {}, this);
    } catch (ScenarioException | TlsFileException e) {
      throw new LabException("the urgent moves cannot start: " + e.getMessage(), e);
    }
  }

  static UrgentMoves start(Path scenario) throws LabException {
    UrgentMoves moves = new UrgentMoves(scenario);
    Thread thread = new Thread(moves::work, "urgent-moves");
    thread.setDaemon(true);
    thread.start();
    return moves;
  }

  private void work() {
    try {
      result.complete(run.run());
    } catch (LoadException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  @Override
  public void measuring() {
    measuring = true;
  }

  @Override
  public void acknowledged(int vm, long dueNanos, long nowNanos) {
    if (measuring) {
      moves.add(new Move(vm, dueNanos));
    }
  }

  @Override
  public void gaveUp(int vm, long dueNanos, long nowNanos) {
    gaveUp |= measuring;
  }

  /**
   * Whether they are warm and move.
   *
   * @throws LabException if they have ended
   */
  boolean areMoving() throws LabException {
    if (result.isDone()) {
      finish();
      throw new LabException("the urgent moves ended too soon");
    }
    return measuring;
  }

  /** No more of them; all that happened, when all have been acknowledged. */
  List<Move> finish() throws LabException {
    run.stop();
    try {
      if (!result.get().holds()) {
        throw new LabException("a check of the urgent moves does not hold");
      }
      if (gaveUp) {
        throw new LabException("some urgent moves were never acknowledged");
      }
      return List.copyOf(moves);
    } catch (ExecutionException e) {
      throw new LabException("the urgent moves failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the urgent moves ended", e);
    }
  }

  @Override
  public void close() {
    run.stop();
  }
}
