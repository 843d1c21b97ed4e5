package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.BindingLog.Content;
import io.sterna.controller.owner.RangeCommand.ConvergenceTimes;
import io.sterna.controller.owner.RangeCommand.FeProgress;
import io.sterna.controller.owner.RangeCommand.Installed;
import io.sterna.controller.owner.RecentDeltas.Extent;
import io.sterna.controller.range.LatestBindings;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.CatchUpFrames;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.SessionCommand.FeedFrames;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.wire.WireCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ordered stream of one range's changes to every element with a session on this node: a delta
 * is encoded once and told to all (DESIGN 4.4). Confined to its {@link AddressRange}.
 *
 * <p>Each {@link Follower} hears deltas, or the latest of each address, or a snapshot. Nobody is
 * kept back: the element that claims has staged the VM, so it delivers what others redirect to it
 * even before it hears of the change.
 */
final class Feed {
  /** Bindings of one snapshot part: about 4 KiB of frame, well below the frame limit. */
  private static final int SNAPSHOT_PART = 512;

  /** What is more waits for its turn among the ranges: it would keep single moves waiting. */
  private static final int AT_ONCE_BYTES_MAX = 1024;

  /** A range that changed so lately is likely to change soon. */
  private static final long CHANGING_NANOS = 1_000_000_000L;

  private final RangeId range;
  private final ActorRef<RangeCommand> owner;
  private final IntSupplier bindings;
  private final Map<FeId, Follower> followers = new LinkedHashMap<>();
  private final Convergence convergence = new Convergence();
  private final RecentDeltas recent;
  private RangePosition position;
  private long changedNanos;
  private boolean started;

  /**
   * A feed that nobody follows.
   *
   * @param bindings how many the range has
   * @param recentLimitBytes of deltas that are kept for elements that return
   */
  Feed(RangeId range, ActorRef<RangeCommand> owner, IntSupplier bindings, long recentLimitBytes) {
    this.range = range;
    this.owner = owner;
    this.bindings = bindings;
    this.recent = new RecentDeltas(recentLimitBytes);
    this.position = RangePosition.unknown(range);
  }

  /**
   * The log is ready, at first or after a write whose fate was unknown.
   *
   * @param from what an earlier owner left: where elements are that followed it to its end
   * @param at where the range is now
   */
  void startAt(RangePosition from, RangePosition at) {
    position = at;
    started = true;
    recent.clear();
    recent.add(from, delta(from, at, List.of()), 0);
    for (Follower follower : followers.values()) {
      // Whether the rows before were installed is not heard any more.
      convergence.left(follower.installedRevision());
      follower.skipTo(at.revision());
      if (follower.isCongested() || follower.isWaiting()) {
        // What it is behind may not be all that changed.
        follower.awaitSnapshot(false);
      } else {
        ask(follower);
      }
    }
  }

  /**
   * An element has a session here now.
   *
   * @param reported where it said it is; empty = it moved on since it said so
   */
  void attach(
      FeId fe, ActorRef<SessionCommand> session, Optional<RangePosition> reported, long nowNanos) {
    Follower follower = new Follower(range, owner, bindings, session, position.revision());
    Follower before = followers.put(fe, follower);
    if (before != null) {
      convergence.left(before.installedRevision());
    }
    if (started) {
      reported.ifPresentOrElse(at -> offer(follower, at, nowNanos), () -> ask(follower));
    } else if (reported.isPresent() && reported.get().epoch() == 0) {
      follower.awaitSnapshot(false);
    }
  }

  void detach(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = followers.get(fe);
    if (follower != null && follower.session().equals(session)) {
      followers.remove(fe);
      convergence.left(follower.installedRevision());
    }
  }

  /** An element says what it has installed. What nobody told it is not believed. */
  void applied(Installed report) {
    Follower follower = follower(report.fe(), report.session());
    RangePosition at = report.position();
    boolean told = at.epoch() <= position.epoch() && at.revision() <= position.revision();
    if (follower == null || !told || !follower.applied().isBefore(at)) {
      return;
    }
    // A revision of an earlier epoch may be another row.
    if (at.epoch() == position.epoch() && at.revision() > follower.installedRevision()) {
      convergence.installed(follower.installedRevision(), at.revision(), report.saidNanos());
      follower.skipTo(at.revision());
    }
    follower.applied(at);
  }

  /** How long changes take until every follower has installed them. */
  ConvergenceTimes convergence() {
    return convergence.times();
  }

  void lost(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = follower(fe, session);
    if (follower != null) {
      follower.awaitSnapshot(false);
    }
  }

  /** The element reads slower than it is fed. */
  void congested(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = follower(fe, session);
    if (follower != null) {
      follower.congest();
    }
  }

  /** It is the element's turn to catch up: by what it missed, or by the next snapshot. */
  void catchesUp(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = follower(fe, session);
    if (follower != null && follower.isWaiting()) {
      follower
          .reported()
          .flatMap(recent::since)
          .ifPresentOrElse(missed -> catchUp(follower, position, delta(missed)), follower::take);
    }
  }

  private void catchUp(Follower follower, RangePosition to, ByteString frames) {
    follower.caughtUp();
    follower.session().tell(new CatchUpFrames(to, owner, frames));
  }

  /** The element has read what was sent: it gets what changed since, as one delta. */
  void drained(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = follower(fe, session);
    if (follower != null) {
      // Without changes, too: a row of refusals moves the range on as any other.
      follower.drain().ifPresent(missed -> tell(follower, delta(missed)));
    }
  }

  private @Nullable Follower follower(FeId fe, ActorRef<SessionCommand> session) {
    Follower follower = followers.get(fe);
    return follower != null && follower.session().equals(session) ? follower : null;
  }

  /** Whether it is somebody's turn for a snapshot. */
  boolean wantsSnapshot() {
    return followers.values().stream().anyMatch(Follower::takesSnapshot);
  }

  /** Tells what was committed, and its answers: to the claimants first, then to everybody else. */
  void publish(Committed committed, ClaimAnswers answers, long nowNanos) {
    position = committed.to();
    if (!committed.from().equals(committed.to())) {
      convergence.committed(
          position.revision(), committed.changes().size(), followers.size(), nowNanos);
      ByteString frame = delta(committed.from(), committed.to(), committed.changes());
      recent.add(committed.from(), frame, committed.changes().size());
      changedNanos = nowNanos;
      feedAll(committed, frame, answers);
    } else {
      answers.send();
    }
  }

  private void feedAll(Committed committed, ByteString frame, ClaimAnswers answers) {
    List<Follower> others = new ArrayList<>(followers.size());
    for (Follower follower : followers.values()) {
      if (!answers.areFor(follower.session())) {
        others.add(follower);
      } else if (follower.isWaiting() || follower.isCongested()) {
        follower.session().tell(new ClaimsAnswered(answers.take(follower.session())));
        keepBack(follower, committed);
      } else {
        tell(follower, frame, answers.take(follower.session()));
      }
    }
    // Who follows on another node, or nothing.
    answers.send();
    FeedFrames same = new FeedFrames(range, owner, frame, List.of());
    for (Follower follower : others) {
      if (follower.isWaiting() || follower.isCongested()) {
        keepBack(follower, committed);
      } else {
        follower.session().tell(same);
      }
    }
  }

  private static void keepBack(Follower follower, Committed committed) {
    if (follower.isWaiting()) {
      follower.urge();
    } else {
      follower.conflate(committed);
    }
  }

  /** Sends everything to those whose turn it is. */
  void serveSnapshot(Content content) {
    // Between the read and now nothing was committed: the log answers in order.
    ByteString frames = encode(content);
    for (Follower follower : followers.values()) {
      if (follower.takesSnapshot()) {
        catchUp(follower, content.position(), frames);
      }
    }
  }

  /** How far each element is, in order of id. */
  List<FeProgress> progress() {
    List<FeProgress> progress = new ArrayList<>();
    followers.forEach(
        (fe, follower) ->
            progress.add(
                new FeProgress(fe, follower.applied().epoch(), follower.applied().revision())));
    progress.sort(Comparator.comparing(FeProgress::fe));
    return progress;
  }

  /** Continues from where the element is: at once if it missed little. */
  private void offer(Follower follower, RangePosition reported, long nowNanos) {
    boolean soon = isChanging(nowNanos);
    if (reported.epoch() == 0) {
      // It has never heard of the range.
      follower.awaitSnapshot(soon);
      return;
    }
    if (position.sameContent(reported)) {
      // Nothing is missing; the element hears that it is in step, and of the epoch.
      tell(follower, delta(position, position, List.of()));
      return;
    }
    Optional<Extent> missed = recent.extentSince(reported);
    if (missed.isEmpty()) {
      follower.awaitSnapshot(soon);
    } else if (missed.get().bytes() > AT_ONCE_BYTES_MAX) {
      int changes = Math.min(missed.get().changes(), bindings.getAsInt());
      follower.awaitCatchUp(reported, changes, soon);
    } else {
      recent.since(reported).ifPresent(all -> tell(follower, delta(all)));
    }
  }

  private boolean isChanging(long nowNanos) {
    return nowNanos - changedNanos < CHANGING_NANOS;
  }

  /**
   * Where the element is, only the element knows: it is sent everything of this epoch, and asks for
   * a snapshot if that does not continue what it holds.
   */
  private void ask(Follower follower) {
    tell(follower, recent.all());
  }

  private void tell(Follower follower, ByteString frames) {
    tell(follower, frames, List.of());
  }

  private void tell(Follower follower, ByteString frames, List<FromController> answers) {
    follower.session().tell(new FeedFrames(range, owner, frames, answers));
  }

  private ByteString delta(Missed missed) {
    return delta(missed.from(), position, LatestBindings.of(missed.changes()));
  }

  private ByteString delta(RangePosition from, RangePosition to, List<Binding> changes) {
    return frame(WireCodec.encodeFrame(new Delta(from.revision(), from.hash(), to, changes)));
  }

  private ByteString encode(Content content) {
    List<Binding> all = content.bindings();
    ByteString frames = ByteString.emptyByteString();
    int part = 0;
    int from = 0;
    do {
      int to = Math.min(from + SNAPSHOT_PART, all.size());
      Snapshot snapshot =
          new Snapshot(content.position(), part, to == all.size(), all.subList(from, to));
      frames = frames.concat(frame(WireCodec.encodeFrame(snapshot)));
      part++;
      from = to;
    } while (from < all.size());
    return frames;
  }

  private static ByteString frame(byte[] bytes) {
    return ByteString.fromArrayUnsafe(bytes);
  }
}
