package io.sterna.loadgen.run;

import io.sterna.loadgen.link.Session;
import io.sterna.loadgen.scenario.ControllerAddress;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps one session of an element to each controller. Belongs to one thread. */
final class FeSessions {
  private static final long MS = 1_000_000;
  private static final long HEARTBEAT_NANOS = 500 * MS;
  private static final long SILENCE_NANOS = 3_000 * MS;
  private static final long HANDSHAKE_NANOS = 15_000 * MS;
  private static final long RECONNECT_MIN_NANOS = 100 * MS;

  /** A thousand handshakes at once would all take longer than anybody waits. */
  private static final int OPENING_MAX = 16;

  private static final int RECONNECT_DOUBLINGS = 4;

  private final Fleet fleet;
  private final TlsIdentity identity;
  private final Session.Listener listener;
  private final Map<ControllerAddress, Link> links = new LinkedHashMap<>();
  private final NamedControllers<Session> named = new NamedControllers<>();
  private boolean deaf;
  private long beats;
  private long dueNanos = Long.MIN_VALUE;

  private static final class Link {
    private @Nullable Session session;
    private boolean welcomed;
    private long connectAtNanos;
    private long heardNanos;
    private long beatAtNanos;
    private int failures;
  }

  /**
   * @param firstNanos when to connect first
   */
  FeSessions(Fleet fleet, TlsIdentity identity, Session.Listener listener, long firstNanos) {
    this.fleet = fleet;
    this.identity = identity;
    this.listener = listener;
    fleet.scenario().controllers().forEach(address -> add(address, firstNanos));
  }

  /** Connects, shows that the element is there, ends what is silent. */
  void tick(long now) {
    // A copy: a session that ends here may end the links that only it had named.
    for (Map.Entry<ControllerAddress, Link> entry : List.copyOf(links.entrySet())) {
      Link link = entry.getValue();
      Session session = link.session;
      if (links.get(entry.getKey()) != link) {
        // No longer wanted, since another of them ended.
        continue;
      }
      if (session == null) {
        if (now >= link.connectAtNanos && fleet.loop().opening() < OPENING_MAX) {
          connect(entry.getKey(), link, now);
        }
      } else {
        show(session, link, now);
      }
    }
    dueNanos = Long.MAX_VALUE;
    for (Link link : links.values()) {
      dueNanos = Math.min(dueNanos, link.session == null ? link.connectAtNanos : link.beatAtNanos);
    }
  }

  /** When to tick next; a thousand elements are asked every few milliseconds. */
  long dueNanos() {
    return dueNanos;
  }

  private void show(Session session, Link link, long now) {
    if (now < link.beatAtNanos) {
      return;
    }
    link.beatAtNanos = now + HEARTBEAT_NANOS;
    if (deaf) {
      link.heardNanos = fleet.loop().listenedNanos();
    }
    long silentNanos = fleet.loop().listenedNanos() - link.heardNanos;
    if (silentNanos > (link.welcomed ? SILENCE_NANOS : HANDSHAKE_NANOS)) {
      session.end("silent for too long");
    } else if (session.isOpen()) {
      session.send(new Heartbeat(++beats));
    }
  }

  void heard(Session session) {
    for (Link link : links.values()) {
      if (link.session == session) {
        link.heardNanos = fleet.loop().listenedNanos();
      }
    }
  }

  void welcomed(Session session) {
    for (Map.Entry<ControllerAddress, Link> entry : links.entrySet()) {
      Link link = entry.getValue();
      if (link.session == session) {
        fleet.contact().answered(entry.getKey());
        link.welcomed = true;
        link.failures = 0;
      }
    }
  }

  /** Reads nothing more, or goes on reading. Heartbeats are sent all the same. */
  void deafen(boolean wanted) {
    deaf = wanted;
    for (Link link : List.copyOf(links.values())) {
      Session session = link.session;
      link.heardNanos = fleet.loop().listenedNanos();
      if (session != null && session.isOpen()) {
        session.read(!wanted);
      }
    }
  }

  /** One that opens while the element reads nothing is not read either. */
  void opened(Session session) {
    if (deaf) {
      session.read(false);
    }
  }

  /** Whether every controller that is known has said welcome. */
  boolean isConnected() {
    return links.values().stream().allMatch(link -> link.welcomed);
  }

  /** The controller of this session says that these are the controllers. */
  void membersAre(Session session, List<ControllerEndpoint> members, long now) {
    named.named(session, members);
    follow(now);
  }

  /** Keeps a session to whoever is named, and to nobody else. */
  private void follow(long now) {
    Set<ControllerAddress> wanted = named.all();
    if (wanted.isEmpty()) {
      return;
    }
    wanted.forEach(address -> add(address, now));
    List<Session> unwanted = new ArrayList<>();
    links
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              Session session = entry.getValue().session;
              if (gone && session != null) {
                unwanted.add(session);
              }
              return gone;
            });
    unwanted.forEach(session -> session.end("no controller is there any more"));
  }

  void ended(Session session, String reason, long now) {
    for (Map.Entry<ControllerAddress, Link> entry : links.entrySet()) {
      Link link = entry.getValue();
      if (link.session == session) {
        if (session.wasRefused()) {
          fleet.contact().refused(entry.getKey(), reason);
        }
        lost(entry.getKey(), link, reason, now);
      }
    }
    named.ended(session);
    follow(now);
  }

  private void lost(ControllerAddress address, Link link, String reason, long now) {
    if (!link.welcomed) {
      fleet.ledger().failAttempt(address + ": " + reason);
    } else {
      fleet.ledger().loseSession();
      fleet.say().accept(identity.name().uri() + ": session to " + address + " lost: " + reason);
    }
    link.session = null;
    link.welcomed = false;
    dueNanos = Long.MIN_VALUE;
    link.connectAtNanos =
        now + (RECONNECT_MIN_NANOS << Math.min(link.failures++, RECONNECT_DOUBLINGS));
  }

  private void add(ControllerAddress address, long connectAtNanos) {
    if (!links.containsKey(address)) {
      Link link = new Link();
      link.connectAtNanos = connectAtNanos;
      links.put(address, link);
      dueNanos = Long.MIN_VALUE;
    }
  }

  private void connect(ControllerAddress address, Link link, long now) {
    link.heardNanos = fleet.loop().listenedNanos();
    link.beatAtNanos = now + HEARTBEAT_NANOS;
    try {
      link.session = fleet.loop().connect(address.host(), address.port(), identity, listener);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      Throwable cause = e.getCause();
      if (cause instanceof UnknownHostException || cause instanceof ConnectException) {
        fleet.contact().refused(address, reason);
      }
      lost(address, link, reason, now);
    }
  }
}
