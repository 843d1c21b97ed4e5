package io.sterna.controller.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import akka.stream.javadsl.Source;
import io.sterna.controller.RangeMap;
import io.sterna.controller.audit.AuditReading;
import io.sterna.controller.audit.RecordThreads;
import io.sterna.controller.audit.RestoreTicket;
import io.sterna.controller.audit.RestoreTicket.Part;
import io.sterna.controller.http.RestoreModel.FailureView;
import io.sterna.controller.http.RestoreModel.OutcomeView;
import io.sterna.controller.http.RestoreModel.PlanView;
import io.sterna.controller.http.RestoreModel.RangeRefusedView;
import io.sterna.controller.http.RestoreModel.SumView;
import io.sterna.controller.owner.RangeCommand.BindingsChanged;
import io.sterna.controller.owner.RangeCommand.ChangeBindings;
import io.sterna.controller.owner.RangeCommand.ChangeResult;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.protocol.Binding;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.PastTable.End;
import io.sterna.store.audit.RestorePlan;
import io.sterna.store.audit.RestorePlan.Step;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Plans what brings a past moment back, and has it made by the owners of the ranges. Of a few
 * ranges at a time the plan is in memory, and a range has one batch of it at a time in its mailbox,
 * however many changes there are; who reads slower than they are made makes them wait.
 */
public final class RestoreView {
  private static final int RANGES_AT_ONCE = 4;
  private static final int BATCH = 250;
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** While a range moves to another controller nobody answers for it: longer than that takes. */
  private static final int ATTEMPTS_MAX = 20;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Answers.ApiError NONE = new Answers.ApiError("", "");
  private static final String REFUSED = "refused";
  private static final String UNAVAILABLE = "unavailable";
  private static final String BROKEN = "broken-record";
  private static final String OTHERWISE = "not-as-shown";

  private final ActorSystem<?> system;
  private final RangeMap ranges;
  private final Supplier<AuditReading> reading;
  private final RangeOwners owners;
  private final Executor blocking;

  /**
   * A plan, or why there is none.
   *
   * @param reason a word for the failure
   */
  private record Planned(
      RangeId range, @Nullable RestorePlan plan, String reason, Answers.ApiError failure) {}

  /**
   * @param reading opened when it is first needed
   */
  public RestoreView(
      ActorSystem<?> system, RangeMap ranges, Supplier<AuditReading> reading, RangeOwners owners) {
    this.system = system;
    this.ranges = ranges;
    this.reading = reading;
    this.owners = owners;
    this.blocking = RecordThreads.reading(system);
  }

  /** The changes, and at last the ticket by which they are made. To be run once. */
  Source<List<Object>, NotUsed> plan(long atMillis, Optional<IpPrefix> prefix) {
    List<RangeId> wanted =
        ranges.ranges().stream()
            .filter(range -> prefix.map(range.prefix()::overlaps).orElse(true))
            .toList();
    List<Part> parts = new ArrayList<>();
    List<Answers.ApiError> failures = new ArrayList<>();
    Source<List<Object>, NotUsed> changes =
        Source.from(wanted)
            .mapAsync(RANGES_AT_ONCE, range -> planned(range, atMillis, Long.MAX_VALUE, prefix))
            .mapConcat(
                planned -> {
                  RestorePlan plan = planned.plan();
                  if (plan == null) {
                    failures.add(planned.failure());
                    return List.of();
                  }
                  RangeId range = planned.range();
                  if (!plan.steps().isEmpty()) {
                    parts.add(
                        new Part(
                            range, plan.row(), plan.steps().size(), plan.digest(atMillis, prefix)));
                  }
                  return batches(plan).stream().map(steps -> views(range, steps)).toList();
                });
    return changes.concatLazy(
        Source.lazySingle(
            () ->
                List.of(
                    failures.isEmpty()
                        ? planView(new RestoreTicket(atMillis, prefix, parts))
                        : failure(failures.get(0)))));
  }

  /** What became of each change, and at last how many there were. To be run once. */
  Source<List<Object>, NotUsed> make(RestoreTicket ticket, Order order) {
    Sum sum = new Sum();
    return Source.from(ticket.parts())
        .flatMapMerge(RANGES_AT_ONCE, part -> new RangeRun(ticket, part, order).run())
        .map(
            lines -> {
              lines.forEach(sum::count);
              return lines;
            })
        .concatLazy(Source.lazySingle(() -> List.of(sum.view(ticket))));
  }

  private CompletionStage<Planned> planned(
      RangeId range, long atMillis, long lastRow, Optional<IpPrefix> prefix) {
    CompletableFuture<RestorePlan> read =
        CompletableFuture.supplyAsync(
            () -> reading.get().restore(range, End.atMillis(atMillis), lastRow, prefix), blocking);
    return read.handle(
        (plan, failure) ->
            failure == null
                ? new Planned(range, plan, "", NONE)
                : new Planned(range, null, reason(failure), RecordFailure.ending(failure)));
  }

  /** A broken record stays so; whatever else is wrong may be better the next time. */
  static String reason(Throwable failure) {
    return RecordFailure.of(failure).filter(RecordFailure::isOfTheRecord).isPresent()
        ? BROKEN
        : UNAVAILABLE;
  }

  private static PlanView planView(RestoreTicket ticket) {
    return new PlanView(
        AuditView.iso(ticket.atMillis()),
        ticket.prefix().map(IpPrefix::toString).orElse(null),
        ticket.changes(),
        ticket.text());
  }

  private static FailureView failure(Answers.ApiError wrong) {
    return new FailureView(wrong);
  }

  private static List<Object> views(RangeId range, List<Step> steps) {
    String name = range.toString();
    return steps.stream().<Object>map(step -> RestoreModel.change(step, name)).toList();
  }

  private static List<List<Step>> batches(RestorePlan plan) {
    List<Step> steps = plan.steps();
    return IntStream.range(0, (steps.size() + BATCH - 1) / BATCH)
        .mapToObj(i -> steps.subList(i * BATCH, Math.min(steps.size(), (i + 1) * BATCH)))
        .toList();
  }

  /** The changes of one range: batch after batch. */
  private final class RangeRun {
    private final RestoreTicket ticket;
    private final Part part;
    private final Order order;
    private volatile boolean lost;

    RangeRun(RestoreTicket ticket, Part part, Order order) {
      this.ticket = ticket;
      this.part = part;
      this.order = order;
    }

    Source<List<Object>, NotUsed> run() {
      return Source.completionStage(
              planned(part.range(), ticket.atMillis(), part.row(), ticket.prefix()))
          .flatMapConcat(this::run);
    }

    private Source<List<Object>, NotUsed> run(Planned planned) {
      RestorePlan plan = planned.plan();
      if (plan == null || !digest(plan).equals(part.digest())) {
        // The record up to there is another, or the ticket is: nothing else than what was shown.
        String reason = plan == null ? planned.reason() : OTHERWISE;
        String message = plan == null ? planned.failure().message() : null;
        return Source.single(
            List.of(
                new RangeRefusedView(
                    part.range().toString(), REFUSED, reason, message, part.changes())));
      }
      return Source.from(batches(plan)).mapAsync(1, this::make);
    }

    private String digest(RestorePlan plan) {
      return plan.digest(ticket.atMillis(), ticket.prefix());
    }

    private CompletionStage<List<Object>> make(List<Step> steps) {
      Orders orders = new Orders(order, steps.stream().map(RestoreView::change).toList());
      CompletionStage<BindingsChanged> answer =
          lost
              ? CompletableFuture.completedFuture(new BindingsChanged(List.of()))
              : ask(orders, ATTEMPTS_MAX);
      return answer.thenApply(changed -> outcomes(steps, changed.results()));
    }

    /** Asking again is harmless: what was made already is so then. */
    private CompletionStage<BindingsChanged> ask(Orders orders, int attempts) {
      return owners
          .<BindingsChanged>ask(
              part.range(), replyTo -> new ChangeBindings(orders, replyTo), TIMEOUT)
          .exceptionally(noAnswer -> new BindingsChanged(List.of()))
          .thenCompose(
              answer ->
                  answer.results().isEmpty() && attempts > 1
                      ? Patterns.after(
                          PAUSE, system.classicSystem(), () -> ask(orders, attempts - 1))
                      : CompletableFuture.completedFuture(answer));
    }

    private List<Object> outcomes(List<Step> steps, List<ChangeResult> results) {
      if (results.isEmpty()) {
        lost = true;
        return steps.stream()
            .<Object>map(step -> outcome(step, REFUSED, UNAVAILABLE, step.version()))
            .toList();
      }
      return IntStream.range(0, steps.size())
          .<Object>mapToObj(i -> outcome(steps.get(i), results.get(i)))
          .toList();
    }

    private OutcomeView outcome(Step step, ChangeResult result) {
      return result
          .refusal()
          .map(reason -> outcome(step, REFUSED, AuditEntry.word(reason), result.version()))
          .orElseGet(
              () -> outcome(step, result.made() ? "made" : "already", null, result.version()));
    }

    private OutcomeView outcome(Step step, String outcome, @Nullable String reason, long version) {
      return new OutcomeView(
          step.address().toString(), part.range().toString(), outcome, reason, version);
    }
  }

  private static OrderedChange change(Step step) {
    Binding then = step.then();
    return then == null
        ? new OrderedChange(step.address(), null, MacAddress.NONE, step.version())
        : new OrderedChange(step.address(), then.fe(), then.mac(), step.version());
  }

  /** Counts in one stage of one stream. */
  static final class Sum {
    private final Map<String, Long> refused = new TreeMap<>();
    private long made;
    private long already;

    void count(Object line) {
      if (line instanceof RangeRefusedView range) {
        refused.merge(range.reason(), range.changes(), Long::sum);
      } else if (line instanceof OutcomeView outcome) {
        String reason = outcome.reason();
        if (reason != null) {
          refused.merge(reason, 1L, Long::sum);
        } else if (outcome.outcome().equals("made")) {
          made++;
        } else {
          already++;
        }
      }
    }

    SumView view(RestoreTicket ticket) {
      return new SumView(
          AuditView.iso(ticket.atMillis()), ticket.changes(), made, already, refused);
    }
  }
}
