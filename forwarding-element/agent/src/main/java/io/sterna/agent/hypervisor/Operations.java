package io.sterna.agent.hypervisor;

import io.sterna.agent.hypervisor.Hypervisor.Progress;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What controllers asked this element's hypervisor, each thing done once: who asks again hears how
 * far it is. One migration of a VM at a time. Thread-safe.
 *
 * <table>
 *   <caption>A phase of an operation</caption>
 *   <tr><td>not asked before</td><td>it is begun, on a thread of the executor</td></tr>
 *   <tr><td>asked before</td><td>its latest state is reported</td></tr>
 *   <tr><td>failed before</td><td>the same: who wants another try takes another operation. But COMPLETE
 *       is begun anew: it changes nothing, and says whether the VM runs here now</td></tr>
 *   <tr><td>CANCEL before the thread came to what is to be cancelled</td><td>that is not begun</td></tr>
 *   <tr><td>CANCEL while MOVE is under way</td><td>the hypervisor is asked to cancel it; when MOVE has
 *       ended it is asked again, and only then is there an answer: until then nobody knows where the
 *       VM will run</td></tr>
 * </table>
 *
 * <p>A target that is ready keeps its VM for its operation. If no controller says any more how that
 * ended, a later operation releases it: by MOVE, if the VM runs here after all; by CANCEL of the
 * target, which controllers ask only when the source said that the VM runs there. Until then
 * PREPARE is refused.
 *
 * <p>What was asked of an earlier life of the agent is forgotten; then the hypervisor's calls are
 * made again, which do nothing if what they are for holds already.
 */
public final class Operations {
  private static final int TEXT_BYTES_MAX = 250;

  private static final int KEPT_MAX = 1024;

  private final FeId self;
  private final Hypervisor hypervisor;
  private final Executor executor;
  private final Consumer<MigrationReport> reports;

  /** Of each phase of each operation the latest report, oldest operation first. */
  private final Map<Key, MigrationReport> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, MigrationReport> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** By VM: which operation works on it. */
  private final Map<IpAddress, OperationId> busy = new HashMap<>();

  /** By VM: the migration of the operation that works on it, if that only waits for the VM. */
  private final Map<IpAddress, Migration> ready = new HashMap<>();

  /** How many calls of an operation are made of the hypervisor now, cancelling not counted. */
  private final Map<OperationId, Integer> underWay = new HashMap<>();

  /** What is to be asked again when nothing of its operation is under way any more. */
  private final Map<OperationId, MigrationCommand> cancelling = new HashMap<>();

  private record Key(OperationId operation, MigrationPhase phase) {}

  private record Ending(MigrationState state, String text) {}

  /**
   * Nothing was asked yet.
   *
   * @param self this element
   * @param executor where the hypervisor is called; its threads may block
   * @param reports are told, by any thread; each may be told again
   */
  public Operations(
      FeId self, Hypervisor hypervisor, Executor executor, Consumer<MigrationReport> reports) {
    this.self = self;
    this.hypervisor = hypervisor;
    this.executor = executor;
    this.reports = reports;
  }

  /** A controller asks for something, perhaps once more. */
  public void ask(MigrationCommand command) {
    Optional<MigrationReport> answer = begin(command);
    answer.ifPresent(reports);
    if (answer.isEmpty()) {
      report(command, MigrationState.ACCEPTED, "");
      executor.execute(() -> perform(command));
    }
  }

  /** Reserves the VM; an answer if there is nothing to begin. */
  private synchronized Optional<MigrationReport> begin(MigrationCommand command) {
    Migration migration = command.migration();
    Key key = new Key(migration.operation(), command.phase());
    MigrationReport before = latest.get(key);
    boolean isSaidAnew =
        command.phase() == MigrationPhase.COMPLETE
            && before != null
            && before.state() == MigrationState.FAILED;
    if (before != null && !isSaidAnew) {
      return Optional.of(before);
    }
    FeId addressee =
        switch (command.phase()) {
          case PREPARE, COMPLETE -> migration.to();
          case MOVE -> migration.from();
          case CANCEL -> self;
        };
    if (!addressee.equals(self)) {
      return Optional.of(
          of(command, MigrationState.FAILED, 0, 0, "that is for " + addressee + " to do"));
    }
    OperationId other = busy.get(migration.vm());
    if (other != null && !other.equals(migration.operation()) && !mayRelease(command)) {
      return Optional.of(
          of(command, MigrationState.FAILED, 0, 0, "operation " + other + " works on this VM"));
    }
    MigrationReport cancelled = latest.get(new Key(migration.operation(), MigrationPhase.CANCEL));
    if (cancelled != null && command.phase() != MigrationPhase.COMPLETE) {
      return Optional.of(of(command, MigrationState.CANCELLED, 0, 0, "it was cancelled before"));
    }
    if (other == null || other.equals(migration.operation())) {
      ready.remove(migration.vm());
    }
    busy.put(migration.vm(), migration.operation());
    latest.put(key, of(command, MigrationState.ACCEPTED, 0, 0, ""));
    return Optional.empty();
  }

  private boolean mayRelease(MigrationCommand command) {
    Migration migration = command.migration();
    Migration kept = ready.get(migration.vm());
    return kept != null
        && kept.operation().equals(busy.get(migration.vm()))
        && (command.phase() == MigrationPhase.MOVE
            || (command.phase() == MigrationPhase.CANCEL && migration.to().equals(self)));
  }

  private void perform(MigrationCommand command) {
    if (command.phase() == MigrationPhase.CANCEL) {
      cancel(command);
    } else if (isToBegin(command)) {
      end(command, call(command));
      ended(command.migration().operation());
    } else {
      end(command, new Ending(MigrationState.CANCELLED, "it was cancelled before"));
    }
  }

  /** What the hypervisor answers while a move is under way may be wrong a moment later. */
  private void cancel(MigrationCommand command) {
    OperationId operation = command.migration().operation();
    boolean mustAskAgain = isUnderWay(operation);
    Ending ending = call(command);
    synchronized (this) {
      if (underWay.containsKey(operation)) {
        cancelling.put(operation, command);
        return;
      }
    }
    end(command, mustAskAgain ? call(command) : ending);
  }

  private synchronized boolean isUnderWay(OperationId operation) {
    return underWay.containsKey(operation);
  }

  private synchronized boolean isToBegin(MigrationCommand command) {
    OperationId operation = command.migration().operation();
    boolean isCancelled = latest.containsKey(new Key(operation, MigrationPhase.CANCEL));
    if (isCancelled && command.phase() != MigrationPhase.COMPLETE) {
      return false;
    }
    underWay.merge(operation, 1, Integer::sum);
    return true;
  }

  private void ended(OperationId operation) {
    MigrationCommand cancel = null;
    synchronized (this) {
      if (underWay.merge(operation, -1, Integer::sum) == 0) {
        underWay.remove(operation);
        cancel = cancelling.remove(operation);
      }
    }
    if (cancel != null) {
      MigrationCommand again = cancel;
      executor.execute(() -> perform(again));
    }
  }

  /**
   * Ends what an earlier operation left ready, if there is such a thing: says whether there is not.
   */
  private boolean release(MigrationCommand command)
      throws HypervisorException, InterruptedException {
    Migration earlier;
    synchronized (this) {
      earlier = ready.get(command.migration().vm());
    }
    if (earlier == null || earlier.operation().equals(command.migration().operation())) {
      return true;
    }
    if (command.phase() == MigrationPhase.CANCEL) {
      hypervisor.cancel(earlier);
    } else if (!hypervisor.complete(earlier)) {
      return false;
    }
    synchronized (this) {
      ready.remove(command.migration().vm());
    }
    return true;
  }

  private Ending call(MigrationCommand command) {
    Migration migration = command.migration();
    try {
      if (!release(command)) {
        return new Ending(
            MigrationState.FAILED, "it does not run at %s, which waits for it".formatted(self));
      }
      return switch (command.phase()) {
        case PREPARE -> prepared(hypervisor.prepare(migration));
        case MOVE -> {
          hypervisor.move(migration, command.endpoint(), progress(command));
          yield new Ending(MigrationState.DONE, "");
        }
        case COMPLETE ->
            hypervisor.complete(migration)
                ? new Ending(MigrationState.DONE, "")
                : new Ending(MigrationState.FAILED, "it does not run at " + self);
        case CANCEL ->
            new Ending(
                hypervisor.cancel(migration) ? MigrationState.DONE : MigrationState.CANCELLED, "");
      };
    } catch (HypervisorException e) {
      return new Ending(MigrationState.FAILED, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ending(MigrationState.FAILED, "the agent is closed");
    } catch (RuntimeException e) {
      // Whatever it is, somebody waits for an answer.
      return new Ending(MigrationState.FAILED, String.valueOf(e));
    }
  }

  private static Ending prepared(String endpoint) {
    return endpoint.equals(wireText(endpoint))
        ? new Ending(MigrationState.DONE, endpoint)
        : new Ending(MigrationState.FAILED, "its endpoint is too long, or has control characters");
  }

  private Progress progress(MigrationCommand command) {
    return new Progress() {
      @Override
      public void copying(long doneBytes, long totalBytes) {
        tell(of(command, MigrationState.COPYING, doneBytes, totalBytes, ""));
      }

      @Override
      public void paused() {
        tell(of(command, MigrationState.PAUSED, 0, 0, ""));
      }
    };
  }

  private void end(MigrationCommand command, Ending ending) {
    OperationId operation = command.migration().operation();
    synchronized (this) {
      // A target that is ready waits for its VM: nobody else's turn yet.
      boolean waits =
          command.phase() == MigrationPhase.PREPARE && ending.state() == MigrationState.DONE;
      IpAddress vm = command.migration().vm();
      Migration kept = ready.get(vm);
      if (waits && !isCancelling(operation)) {
        ready.put(vm, command.migration());
      } else if (kept != null && !kept.operation().equals(operation)) {
        // It could not be released: it is the earlier one's still.
        busy.put(vm, kept.operation());
      } else if (command.phase() == MigrationPhase.CANCEL || !isCancelling(operation)) {
        busy.remove(vm, operation);
        ready.remove(vm);
      }
    }
    report(command, ending.state(), ending.text());
  }

  private boolean isCancelling(OperationId operation) {
    MigrationReport cancel = latest.get(new Key(operation, MigrationPhase.CANCEL));
    return cancel != null && !cancel.state().isOver();
  }

  private void report(MigrationCommand command, MigrationState state, String text) {
    tell(of(command, state, 0, 0, text));
  }

  private void tell(MigrationReport report) {
    synchronized (this) {
      Key key = new Key(report.operation(), report.phase());
      MigrationReport before = latest.get(key);
      if (before != null && before.state().isOver()) {
        return;
      }
      latest.put(key, report);
    }
    reports.accept(report);
  }

  private static MigrationReport of(
      MigrationCommand command, MigrationState state, long done, long total, String text) {
    return new MigrationReport(
        command.migration().operation(), command.phase(), state, done, total, wireText(text));
  }

  /** What of a text a message can carry: a hypervisor may say anything. */
  private static String wireText(String text) {
    StringBuilder clean = new StringBuilder();
    int bytes = 0;
    for (int point : text.codePoints().toArray()) {
      boolean isText =
          !Character.isISOControl(point) && Character.getType(point) != Character.SURROGATE;
      int shown = isText ? point : ' ';
      bytes += Character.toString(shown).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > TEXT_BYTES_MAX) {
        break;
      }
      clean.appendCodePoint(shown);
    }
    return clean.toString();
  }
}
