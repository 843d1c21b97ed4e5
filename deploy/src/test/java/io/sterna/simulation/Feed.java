package io.sterna.simulation;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How an owner tells the elements, as its namesake of the product does. */
final class Feed {
  /** Few, so that elements also come too late for them. */
  private static final int RECENT_MAX = 6;

  private static final int SNAPSHOT_PART = 2;

  private final Map<FeId, Follower> followers = new TreeMap<>();
  private final Deque<Delta> recent = new ArrayDeque<>();
  private RangePosition position;

  private static final class Follower {
    final Session session;
    boolean wantsSnapshot;

    Follower(Session session) {
      this.session = session;
    }
  }

  Feed(RangePosition position) {
    this.position = position;
  }

  void startAt(RangePosition from, RangePosition at) {
    position = at;
    recent.clear();
    remember(new Delta(from.revision(), from.hash(), at, List.of()));
    followers.values().forEach(this::sendRecent);
  }

  void attach(Session session, Optional<RangePosition> reported) {
    Follower follower = new Follower(session);
    followers.put(session.element().fe(), follower);
    reported.ifPresentOrElse(at -> offer(follower, at), () -> sendRecent(follower));
  }

  void detach(Session session) {
    followers.values().removeIf(follower -> follower.session == session);
  }

  void lost(Session session) {
    for (Follower follower : followers.values()) {
      if (follower.session == session) {
        follower.wantsSnapshot = true;
      }
    }
  }

  boolean wantsSnapshot() {
    return followers.values().stream().anyMatch(follower -> follower.wantsSnapshot);
  }

  void publish(RangePosition from, RangePosition to, List<Binding> changes) {
    position = to;
    if (from.equals(to)) {
      return;
    }
    Delta delta = new Delta(from.revision(), from.hash(), to, changes);
    remember(delta);
    for (Follower follower : followers.values()) {
      if (!follower.wantsSnapshot) {
        follower.session.toElement(delta);
      }
    }
  }

  void serveSnapshot(List<Binding> all) {
    List<Snapshot> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + SNAPSHOT_PART, all.size());
      parts.add(new Snapshot(position, parts.size(), to == all.size(), all.subList(from, to)));
      from = to;
    } while (from < all.size());
    for (Follower follower : followers.values()) {
      if (follower.wantsSnapshot) {
        follower.wantsSnapshot = false;
        parts.forEach(follower.session::toElement);
      }
    }
  }

  private void offer(Follower follower, RangePosition reported) {
    if (reported.epoch() > 0 && sameContent(position, reported)) {
      Delta nothing = new Delta(position.revision(), position.hash(), position, List.of());
      follower.session.toElement(nothing);
      return;
    }
    boolean found = false;
    List<Delta> missed = new ArrayList<>();
    for (Delta sent : recent) {
      found = found || continues(sent, reported);
      if (found) {
        missed.add(sent);
      }
    }
    if (reported.epoch() == 0 || !found) {
      follower.wantsSnapshot = true;
    } else {
      missed.forEach(follower.session::toElement);
    }
  }

  private void sendRecent(Follower follower) {
    recent.forEach(follower.session::toElement);
  }

  private void remember(Delta delta) {
    recent.add(delta);
    if (recent.size() > RECENT_MAX) {
      recent.remove();
    }
  }

  private static boolean continues(Delta delta, RangePosition at) {
    return delta.fromRevision() == at.revision() && delta.fromHash().equals(at.hash());
  }

  private static boolean sameContent(RangePosition one, RangePosition other) {
    return one.revision() == other.revision() && one.hash().equals(other.hash());
  }
}
