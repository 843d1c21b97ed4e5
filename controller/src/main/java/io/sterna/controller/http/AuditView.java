package io.sterna.controller.http;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Source;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.RangeMap;
import io.sterna.controller.audit.Archiver;
import io.sterna.controller.audit.AuditReading;
import io.sterna.controller.audit.CheckpointFile;
import io.sterna.controller.audit.FollowedJournal;
import io.sterna.controller.audit.RecordThreads;
import io.sterna.controller.http.AuditModel.PageView;
import io.sterna.controller.http.AuditModel.PastBinding;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.StoredRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The record as the API shows it. All reading is done by threads that may wait, of a pool that
 * nothing else of a controller needs, and only as fast as the reader takes.
 */
public final class AuditView {
  /** Ranges that are read at a time for one request. */
  private static final int PARALLEL = 4;

  private static final int PIECE_ROWS = 500;

  /** Questions at a time: each may have the tables of {@value #PARALLEL} ranges in memory. */
  private static final int READS_MAX = 8;

  private final Supplier<AuditReading> reading;
  private final RangeMap ranges;
  private final Executor blocking;
  private final ActorSystem<?> system;
  private final Optional<ActorRef<Archiver.Command>> archiver;
  private final Function<Answers, FollowRoute> follow;
  private final RecordReads reads = new RecordReads(READS_MAX);
  private final Map<FeId, FeEndpoint> inventory = new TreeMap<>();

  /** A line of an export. */
  record RowLine(String range, long row, String format, String bytes) {}

  /** The first line of an export: a prefix, or all. Of other ranges no row is to be expected. */
  record HoldsLine(String holds) {}

  /** A line of an export. */
  record CheckpointLine(String checkpoint) {}

  /**
   * @param reading opened when it is first needed
   * @param followed opened when somebody follows the log
   * @param archiver empty = this controller archives nothing
   */
  public AuditView(
      ActorSystem<?> system,
      ControllerSettings settings,
      Supplier<AuditReading> reading,
      Supplier<FollowedJournal> followed,
      Optional<ActorRef<Archiver.Command>> archiver) {
    this.system = system;
    this.archiver = archiver;
    this.reading = reading;
    this.follow = answers -> new FollowRoute(system, settings.audit().follow(), followed, answers);
    this.ranges = settings.ranges();
    this.blocking = RecordThreads.reading(system);
    settings.forwardingElements().forEach(each -> inventory.put(each.fe(), each));
  }

  /** How many may read at a time. */
  RecordReads reads() {
    return reads;
  }

  ArchiveRoutes archive(Answers answers, Callers callers, InstantSource clock) {
    return new ArchiveRoutes(system, archiver, answers, callers, clock);
  }

  /**
   * @throws IllegalArgumentException if the cursor is none of this log
   */
  CompletionStage<PageView> log(AuditFilter filter, Optional<String> cursor, int limit) {
    List<RangeId> asked = wanted(Optional.ofNullable(filter.prefix()));
    AuditReading.check(cursor, asked);
    return asked(
        () -> {
          AuditReading.Page<AuditModel.EntryView> page =
              reading.get().log(asked, filter, cursor, limit, AuditModel::entry);
          return new PageView(page.entries(), page.next());
        });
  }

  /** All entries of a row; empty if no such row counts. */
  CompletionStage<List<AuditEntry>> row(RangeId range, long number) {
    return asked(() -> reading.get().row(range, number).map(AuditEntry::of).orElse(List.of()));
  }

  CompletionStage<AuditReading.Span> span(Optional<IpPrefix> prefix) {
    return reads.during(
        () -> {
          CompletionStage<AuditReading.Span> all =
              CompletableFuture.completedFuture(AuditReading.Span.NOTHING);
          for (RangeId range : wanted(prefix)) {
            all = all.thenCombine(later(() -> reading.get().span(range)), AuditReading.Span::with);
          }
          return all;
        });
  }

  Source<List<?>, NotUsed> at(PastTable.End end, Optional<IpPrefix> prefix) {
    return perRange(
            prefix,
            range ->
                reading.get().at(range, end).bindings().stream()
                    .filter(each -> prefix.map(p -> p.contains(each.address())).orElse(true))
                    .map(each -> binding(range, each))
                    .toList())
        .mapConcat(AuditView::pieces);
  }

  Source<List<?>, NotUsed> diff(PastTable.End from, PastTable.End to, Optional<IpPrefix> prefix) {
    return perRange(
            prefix,
            range ->
                reading.get().between(range, from, to).stream()
                    .filter(each -> prefix.map(p -> p.contains(each.address())).orElse(true))
                    .map(
                        each ->
                            AuditModel.difference(
                                each, range.toString(), binding -> binding(range, binding)))
                    .toList())
        .mapConcat(AuditView::pieces);
  }

  CompletionStage<CheckpointChain> checkpoints() {
    return asked(() -> reading.get().checkpoints());
  }

  Source<List<?>, NotUsed> verify(CheckpointChain signed, Optional<IpPrefix> prefix) {
    return this.<List<?>>perRange(
        prefix, range -> List.of(AuditModel.verdict(reading.get().verify(range, signed))));
  }

  /** What it holds, all checkpoints, then rows as they are stored, range by range. */
  Source<Object, NotUsed> export(Optional<IpPrefix> prefix) {
    Source<Object, NotUsed> signed =
        Source.fromIterator(() -> reading.get().storedCheckpoints())
            .map(each -> (Object) new CheckpointLine(CheckpointFile.line(each).strip()));
    Source<Object, NotUsed> rows =
        Source.from(wanted(prefix))
            .flatMapConcat(
                range ->
                    Source.fromIterator(() -> reading.get().stored(range))
                        .map(row -> (Object) line(range, row)));
    String holds = prefix.map(IpPrefix::toString).orElse("all");
    return reads.during(
        Source.<Object>single(new HoldsLine(holds))
            .concat(signed)
            .concatLazy(rows)
            .withAttributes(ActorAttributes.dispatcher(RecordThreads.READING)));
  }

  /** The elements of a site; none if there is no such site. */
  Set<FeId> elementsOf(String site) {
    return inventory.values().stream()
        .filter(each -> each.site().value().equals(site))
        .map(FeEndpoint::fe)
        .collect(Collectors.toSet());
  }

  RangeMap ranges() {
    return ranges;
  }

  Optional<RangeId> rangeOf(io.sterna.protocol.IpAddress address) {
    return ranges.rangeOf(address);
  }

  static String iso(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }

  private static RowLine line(RangeId range, StoredRow row) {
    String bytes = Base64.getEncoder().encodeToString(row.bytes());
    return new RowLine(range.toString(), row.number(), row.format(), bytes);
  }

  private PastBinding binding(RangeId range, Binding binding) {
    FeEndpoint element = inventory.get(binding.fe());
    return new PastBinding(
        binding.address().toString(),
        binding.fe().value(),
        element == null ? "" : element.site().value(),
        binding.mac().toString(),
        binding.version(),
        range.toString());
  }

  /** So that no chunk of an answer is large. */
  private static List<List<?>> pieces(List<?> rows) {
    List<List<?>> pieces = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += PIECE_ROWS) {
      pieces.add(rows.subList(from, Math.min(rows.size(), from + PIECE_ROWS)));
    }
    return pieces;
  }

  FollowRoute follow(Answers answers) {
    return follow.apply(answers);
  }

  List<RangeId> wanted(Optional<IpPrefix> prefix) {
    return ranges.ranges().stream()
        .filter(range -> prefix.map(range.prefix()::overlaps).orElse(true))
        .toList();
  }

  private <T> Source<T, NotUsed> perRange(
      Optional<IpPrefix> prefix, Function<RangeId, T> question) {
    return reads.during(
        Source.from(wanted(prefix))
            .mapAsync(PARALLEL, range -> later(() -> question.apply(range))));
  }

  private <T> CompletionStage<T> asked(Supplier<T> question) {
    return reads.during(() -> later(question));
  }

  private <T> CompletionStage<T> later(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, blocking);
  }
}
