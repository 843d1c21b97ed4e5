package io.sterna.agent.link;

import io.sterna.agent.table.SessionId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the feeding controllers are told about installed positions: the latest of each range. Pure;
 * not thread-safe.
 */
final class AppliedReports {
  private final Map<RangeId, SessionId> feeders = new HashMap<>();

  private final Map<RangeId, RangePosition> installed = new HashMap<>();
  private final Map<RangeId, RangePosition> unsent = new LinkedHashMap<>();

  /** A session said something new about a range: its controller owns it. */
  void fed(RangeId range, SessionId session) {
    feeders.put(range, session);
  }

  /** A feeder says again where the range is: it does not know that this element knows. */
  void fedAgain(RangeId range, SessionId session) {
    feeders.put(range, session);
    RangePosition known = installed.get(range);
    if (known != null) {
      unsent.put(range, known);
    }
  }

  /** The forwarding table holds everything up to these positions. */
  void installed(List<RangePosition> positions) {
    for (RangePosition position : positions) {
      installed.put(position.range(), position);
      unsent.put(position.range(), position);
    }
  }

  /** The session that feeds a range. */
  Optional<SessionId> feeder(RangeId range) {
    return Optional.ofNullable(feeders.get(range));
  }

  /** A session is gone; the next feeder of its ranges is told anew. */
  void sessionEnded(SessionId session) {
    feeders.values().removeIf(session::equals);
  }

  /** Whether something is to be sent. */
  boolean isPending() {
    return !unsent.isEmpty();
  }

  /** What to tell each session now. */
  Map<SessionId, List<RangePosition>> drain() {
    Map<SessionId, List<RangePosition>> reports = new HashMap<>();
    for (RangePosition position : unsent.values()) {
      SessionId feeder = feeders.get(position.range());
      if (feeder != null) {
        reports.computeIfAbsent(feeder, f -> new ArrayList<>()).add(position);
      }
    }
    unsent.clear();
    return reports;
  }
}
