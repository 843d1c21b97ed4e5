package io.sterna.loadgen.replay;

import io.sterna.loadgen.check.Acknowledged;
import io.sterna.loadgen.check.Check;
import io.sterna.loadgen.check.Observed;
import io.sterna.loadgen.check.SingleOwner;
import io.sterna.loadgen.check.Verdict;
import io.sterna.loadgen.check.Violations;
import io.sterna.loadgen.link.FrameFeed;
import io.sterna.loadgen.replay.Outcome.ClocksBack;
import io.sterna.loadgen.replay.Outcome.LateElement;
import io.sterna.loadgen.replay.ReplayedElement.Late;
import io.sterna.loadgen.replay.ReplayedElement.Said;
import io.sterna.loadgen.schedule.Vms;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells emulated elements what the owners of ranges told real ones, row by row, as the very bytes,
 * and checks the invariants as it goes. What time it is, is told by the record. Pure and not
 * thread-safe.
 *
 * <p>Two things are looked at: whether each row can follow what was before it, and whether each
 * element holds what the record says. The second is asked at checkpoints, of every VM at every
 * element that is not waiting for anything, by the checks that load runs share too.
 */
public final class Replay {
  private final Vms vms;
  private final RecordTable record;
  private final List<ReplayedElement> elements = new ArrayList<>();
  private final List<ReplayedElement> lateOnes = new ArrayList<>();
  private final Acknowledged acknowledged;
  private final Violations wentBack = new Violations();
  private final Findings findings = new Findings();
  private ClocksBack clocks = ClocksBack.NONE;
  private long nowMillis = Long.MIN_VALUE;
  private @Nullable ReplayRow told;
  private long rows;
  private long changes;
  private long moves;
  private long refusals;
  private long takeovers;
  private long dropped;
  private long resyncs;
  private long checkpoints;

  /**
   * Elements that know which ranges there are, and nothing else.
   *
   * @param vms every VM that the record names until the end of the span
   * @param named every element that anything is bound to in it
   * @param delayMillis of elements that hear late: by how much, on the clock of the record
   * @param ranges all of them
   */
  public Replay(Vms vms, List<FeId> named, Map<FeId, Long> delayMillis, List<RangeId> ranges) {
    this.vms = vms;
    this.record = new RecordTable(vms, named);
    this.acknowledged = new Acknowledged(vms.size());
    BindingReader reader = new BindingReader(vms, record::numberOf);
    FrameFeed feed = new FrameFeed();
    for (FeId fe : named) {
      long delay = delayMillis.getOrDefault(fe, 0L);
      ReplayedElement element =
          new ReplayedElement(fe, feed.newEar(), reader, ranges, this::wentBack, delay);
      elements.add(element);
      if (delay > 0) {
        lateOnes.add(element);
      }
    }
  }

  /** All elements learn what a range held when the span began. */
  public void begin(RangePosition position, long row, List<Binding> bindings) {
    for (Binding binding : bindings) {
      int vm = vms.vmOf(binding.address());
      record.put(vm, binding);
      acknowledged.add(vm, (int) binding.version(), record.holder(vm));
    }
    record.move(position, row);
    byte[] frames = FrameFeed.encode(RecordTable.parts(position, bindings));
    elements.forEach(element -> element.hear(frames));
  }

  /** The next row of all ranges: their clock is the record's. */
  public void take(ReplayRow row) {
    advance(row.atEpochMillis());
    told = row;
    rows++;
    changes += row.changes().size();
    refusals += row.refusals();
    takeovers += row.takeover() ? 1 : 0;
    RangeId range = row.delta().position().range();
    if (row.clockBackMillis() > 0) {
      clocks = clocks.with(row.clockBackMillis(), range, row.number());
    }
    follows(row);
    row.changes().forEach(change -> take(row, change));
    record.move(row.delta().position(), row.number());
    byte[] frame = FrameFeed.encode(List.of(row.delta()));
    for (ReplayedElement element : elements) {
      if (element.delayMillis() == 0) {
        tell(element, row, frame);
      } else {
        element.late().add(new Late(nowMillis + element.delayMillis(), row, frame));
      }
    }
    told = null;
  }

  /** Time passes: who hears late hears what is due. */
  public void advance(long atEpochMillis) {
    for (ReplayedElement element : lateOnes) {
      Late next = element.late().peek();
      while (next != null && next.dueMillis() <= atEpochMillis) {
        element.late().remove();
        nowMillis = Math.max(nowMillis, next.dueMillis());
        told = next.row();
        tell(element, next.row(), next.frame());
        for (Binding change : next.row().delta().changes()) {
          judge(element, vms.vmOf(change.address()));
        }
        next = element.late().peek();
      }
    }
    told = null;
    nowMillis = Math.max(nowMillis, atEpochMillis);
  }

  /** When somebody hears something late next; {@link Long#MAX_VALUE} = nobody does. */
  public long dueMillis() {
    long due = Long.MAX_VALUE;
    for (ReplayedElement element : lateOnes) {
      Late next = element.late().peek();
      due = next == null ? due : Math.min(due, next.dueMillis());
    }
    return due;
  }

  /** A range's record cannot be read on. */
  public void broken(RangeId range, long row, long revision, long atEpochMillis, String why) {
    findings.add(
        new Violation(Findings.CHAIN, atEpochMillis, range, row, revision, null, null, why));
  }

  /** Compares every VM at every element that waits for nothing with the record. */
  public void checkpoint() {
    checkpoints++;
    List<FeTable> quiet = new ArrayList<>();
    for (ReplayedElement element : elements) {
      if (element.late().isEmpty()) {
        compare(element);
        quiet.add(element.table());
      }
    }
    if (quiet.isEmpty()) {
      return;
    }
    Observed observed = new Observed(vms, quiet, acknowledged, wentBack);
    for (Check check : Check.ALL) {
      // Who holds an address as its own may be one of those that are late.
      if (quiet.size() == elements.size() || !(check instanceof SingleOwner)) {
        secondOpinion(check.judge(observed));
      }
    }
  }

  /** Nothing more is recorded: all hear what they have not heard yet, and are compared. */
  public void end() {
    for (long due = dueMillis(); due != Long.MAX_VALUE; due = dueMillis()) {
      advance(due);
    }
    checkpoint();
  }

  /** After the end: what a range holds by a table that was built in another way. */
  public void compare(RangePosition position, long row, List<Binding> bindings) {
    RangeId range = position.range();
    if (!record.at(range).position().equals(position)) {
      add(Findings.CONVERGES, position, row, null, "ended at " + record.at(range).position());
    }
    int until = vms.until(range.prefix());
    int bound = 0;
    for (int vm = vms.from(range.prefix()); vm < until; vm++) {
      bound += record.version(vm) > 0 ? 1 : 0;
    }
    if (bound != bindings.size()) {
      add(
          Findings.CONVERGES,
          position,
          row,
          null,
          "%d addresses instead of %d".formatted(bound, bindings.size()));
    }
    for (Binding binding : bindings) {
      Binding replayed = record.binding(vms.vmOf(binding.address()));
      if (!binding.equals(replayed)) {
        add(
            Findings.CONVERGES,
            position,
            row,
            binding.address(),
            "replayed as %s, the table says %s".formatted(replayed, binding));
      }
    }
  }

  /**
   * What an element holds.
   *
   * @throws IllegalArgumentException if it is none of those that were named
   */
  public FeTable table(FeId element) {
    return elements.get(record.numberOf(element)).table();
  }

  /** What was seen so far. */
  public Outcome outcome() {
    return new Outcome(
        rows,
        changes,
        moves,
        refusals,
        takeovers,
        dropped,
        resyncs,
        checkpoints,
        clocks,
        findings.counts(),
        findings.first(),
        lateOnes.stream().map(this::late).toList());
  }

  private LateElement late(ReplayedElement element) {
    LateMoves seen = element.moves();
    return new LateElement(
        element.id(),
        element.delayMillis(),
        seen.moves(),
        seen.windows(),
        seen.sumMillis(),
        seen.longestMillis(),
        seen.longestVm() < 0 ? null : vms.address(seen.longestVm()));
  }

  /** Whether a row can follow what is known of its range. */
  private void follows(ReplayRow row) {
    Delta delta = row.delta();
    RangePosition next = delta.position();
    RecordTable.At before = record.at(next.range());
    RangePosition at = before.position();
    if (next.epoch() < at.epoch()) {
      add(row, Findings.STALE, null, "epoch %d after %d".formatted(next.epoch(), at.epoch()));
    }
    if (next.revision() < at.revision()) {
      String back = "revision %d after %d".formatted(next.revision(), at.revision());
      add(row, Findings.STALE, null, back);
    }
    if (delta.fromRevision() != at.revision() || !delta.fromHash().equals(at.hash())) {
      String gap =
          "goes on from revision %d and hash %s; row %d before it left revision %d and hash %s"
              .formatted(
                  delta.fromRevision(), delta.fromHash(), before.row(), at.revision(), at.hash());
      add(row, Findings.CHAIN, null, gap);
    }
  }

  private void take(ReplayRow row, ReplayRow.Change change) {
    Binding binding = change.binding();
    IpAddress address = binding.address();
    if (!row.delta().position().range().prefix().contains(address)) {
      add(row, Findings.OWNER, address, "bound by a range that does not own it");
      return;
    }
    int vm = vms.vmOf(address);
    int before = record.version(vm);
    int holder = record.holder(vm);
    if (binding.version() != before + 1L) {
      add(row, Findings.STALE, address, "version %d after %d".formatted(binding.version(), before));
    }
    if (change.seenVersion() != binding.version() - 1) {
      String seen = "version %d was claimed by who had seen version %d";
      String what = seen.formatted(binding.version(), change.seenVersion());
      add(row, Findings.STALE, address, what);
    }
    if (binding.version() <= before) {
      return;
    }
    record.put(vm, binding);
    acknowledged.add(vm, (int) binding.version(), record.holder(vm));
    boolean moved =
        holder != FeTable.NOWHERE
            && record.holder(vm) != FeTable.NOWHERE
            && holder != record.holder(vm);
    if (moved) {
      moves++;
      lateOnes.forEach(element -> element.moves().moved(vm, nowMillis));
    }
    lateOnes.forEach(element -> judge(element, vm));
  }

  private void tell(ReplayedElement element, ReplayRow row, byte[] frame) {
    Said said = element.hear(frame);
    if (said == Said.DROPPED) {
      dropped++;
    } else if (said == Said.RESYNC) {
      // As a real one: it asks for all of the range, and its owner answers.
      resyncs++;
      element.hear(FrameFeed.encode(record.snapshot(row.delta().position().range())));
    }
  }

  /** Whether an element that hears late sends to where a VM is. */
  private void judge(ReplayedElement element, int vm) {
    int holder = record.holder(vm);
    if (element.table().holder(vm) == holder) {
      element.moves().right(vm, nowMillis);
    } else if (holder != FeTable.NOWHERE && element.table().holder(vm) != FeTable.NOWHERE) {
      element.moves().wrong(vm, nowMillis);
    }
  }

  private void compare(ReplayedElement element) {
    FeTable table = element.table();
    for (RangeId range : record.ranges()) {
      RecordTable.At at = record.at(range);
      if (!at.position().equals(table.position(range)) && element.isFirstAgainst(range)) {
        String what = "it is at " + table.position(range);
        add(element, Findings.CONVERGES, at, null, what);
      }
    }
    for (int vm = 0; vm < vms.size(); vm++) {
      int version = table.version(vm);
      boolean same = version == record.version(vm) && table.holder(vm) == record.holder(vm);
      if (!same && element.isFirstAgainst(vm)) {
        RecordTable.At at = record.of(vm);
        String what =
            "it holds version %d at %s, the record says %s"
                .formatted(version, name(table.holder(vm)), record.binding(vm));
        String invariant = version < record.version(vm) ? Findings.LOSS : Findings.CONVERGES;
        add(element, invariant, at, vms.address(vm), what);
      }
    }
  }

  private String name(int holder) {
    return holder == FeTable.NOWHERE ? "nowhere" : elements.get(holder).id().value();
  }

  /** The checks of all load runs say the same; what only they found is taken from them. */
  private void secondOpinion(Verdict verdict) {
    if (!verdict.holds() && findings.count(verdict.name()) == 0) {
      for (String example : verdict.examples()) {
        findings.add(new Violation(verdict.name(), nowMillis, null, 0, 0, null, null, example));
      }
    }
  }

  private void wentBack(ReplayedElement element, String what) {
    wentBack.add(what);
    ReplayRow row = told;
    if (row != null) {
      RangePosition at = row.delta().position();
      findings.add(
          new Violation(
              Findings.STALE,
              nowMillis,
              at.range(),
              row.number(),
              at.revision(),
              null,
              element.id(),
              what));
    }
  }

  private void add(
      ReplayedElement element,
      String invariant,
      RecordTable.At at,
      @Nullable IpAddress address,
      String what) {
    RangePosition position = at.position();
    findings.add(
        new Violation(
            invariant,
            nowMillis,
            position.range(),
            at.row(),
            position.revision(),
            address,
            element.id(),
            what));
  }

  private void add(ReplayRow row, String invariant, @Nullable IpAddress address, String what) {
    add(invariant, row.delta().position(), row.number(), address, what);
  }

  private void add(
      String invariant, RangePosition at, long row, @Nullable IpAddress address, String what) {
    findings.add(
        new Violation(invariant, nowMillis, at.range(), row, at.revision(), address, null, what));
  }
}
