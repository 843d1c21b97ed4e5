package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.CatchUpDue;
import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An element with a session on this node, as a range's {@link Feed} sees it.
 *
 * <pre>
 * follows     it was sent everything up to the range's position
 * congested   it is sent one delta with the latest of each address when it has read what is on its way
 * waits       its session lets a few ranges at a time catch up; it is sent nothing until then
 * takes       the snapshot that is made next
 * </pre>
 */
final class Follower {
  /**
   * An element that is more addresses behind gets a snapshot: hardly longer, and nothing to keep.
   */
  private static final int CONFLATED_MAX = 1024;

  private final RangeId range;
  private final ActorRef<RangeCommand> owner;
  private final IntSupplier bindings;
  private final ActorRef<SessionCommand> session;
  private RangePosition applied;
  private long installedRevision;
  private boolean waits;
  private boolean takes;
  private boolean urged;
  private boolean congested;

  /** About how many changes it lacks, while it waits. */
  private int lacking;

  /** Where it said it is when it began to wait; null if it needs a snapshot. */
  private @Nullable RangePosition reported;

  /**
   * Where it will be when it has read everything that was sent; null if that is where the range is.
   */
  private @Nullable RangePosition sentTo;

  /** What changed since, the latest of each address. */
  private final Map<IpAddress, Binding> behind = new LinkedHashMap<>();

  /**
   * One that follows.
   *
   * @param bindings how many a snapshot would carry
   * @param installedRevision what was committed before it came, it need not report
   */
  Follower(
      RangeId range,
      ActorRef<RangeCommand> owner,
      IntSupplier bindings,
      ActorRef<SessionCommand> session,
      long installedRevision) {
    this.range = range;
    this.owner = owner;
    this.bindings = bindings;
    this.session = session;
    this.installedRevision = installedRevision;
    this.applied = RangePosition.unknown(range);
  }

  ActorRef<SessionCommand> session() {
    return session;
  }

  /** What it has installed, as it says. */
  RangePosition applied() {
    return applied;
  }

  /** What it has installed, or need not report. */
  long installedRevision() {
    return installedRevision;
  }

  void applied(RangePosition at) {
    applied = at;
  }

  /** What is older it need not report any more. */
  void skipTo(long revision) {
    installedRevision = Math.max(installedRevision, revision);
  }

  /**
   * It is sent nothing until it gets a snapshot.
   *
   * @param soon as below
   */
  void awaitSnapshot(boolean soon) {
    reported = null;
    await(bindings.getAsInt(), soon);
  }

  /**
   * It is sent nothing until it catches up, by what it missed or by a snapshot.
   *
   * @param at where it is
   * @param changes about how many it missed
   * @param soon whether more is likely to change before it has caught up
   */
  void awaitCatchUp(RangePosition at, int changes, boolean soon) {
    reported = at;
    await(changes, soon);
  }

  private void await(int changes, boolean soon) {
    sentTo = null;
    behind.clear();
    lacking = changes;
    if (!waits) {
      waits = true;
      takes = false;
      urged = soon;
      session.tell(new CatchUpDue(range, owner, changes, soon));
    }
  }

  boolean isWaiting() {
    return waits;
  }

  /** Where it said it is; empty if it needs a snapshot. */
  Optional<RangePosition> reported() {
    return Optional.ofNullable(reported);
  }

  /** What changes now it hears of when it has caught up: that should be soon. */
  void urge() {
    if (!takes && !urged) {
      urged = true;
      session.tell(new CatchUpDue(range, owner, lacking, true));
    }
  }

  /** Its turn has come, and it needs a snapshot. */
  void take() {
    takes = waits;
  }

  boolean takesSnapshot() {
    return takes;
  }

  /** It was sent what it lacked, and follows. */
  void caughtUp() {
    waits = false;
    takes = false;
  }

  void congest() {
    congested = true;
  }

  boolean isCongested() {
    return congested;
  }

  /** It has read what was sent; what it missed meanwhile, if it does not wait for a snapshot. */
  Optional<Missed> drain() {
    RangePosition from = sentTo;
    congested = false;
    if (from == null) {
      return Optional.empty();
    }
    Missed missed = new Missed(from, List.copyOf(behind.values()));
    sentTo = null;
    behind.clear();
    return Optional.of(missed);
  }

  /** Keeps what was committed while it is congested. */
  void conflate(Committed committed) {
    if (sentTo == null) {
      sentTo = committed.from();
    }
    committed.changes().forEach(change -> behind.put(change.address(), change));
    if (behind.size() > CONFLATED_MAX) {
      awaitSnapshot(false);
    }
  }
}
