package io.sterna.agent.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.table.History.Node;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The desired table against a model that remembers every state the owners ever committed. */
class DesiredTablePropertyTest {
  private static final FeId SELF = new FeId("fe1");
  private static final List<FeId> ELEMENTS = List.of(SELF, new FeId("fe2"), new FeId("fe3"));
  private static final List<RangeId> RANGES =
      List.of(RangeId.parse("10.10.0.0/20"), RangeId.parse("fd0a::/116"));
  private static final int STEPS = 120;

  @Property(tries = 300)
  void followsTheOwnersAndNeverGoesBack(@ForAll long seed) {
    new Run(new Random(seed)).run();
  }

  private static final class Run {
    final Random random;
    final DesiredTable table = new DesiredTable(SELF);
    final List<History> histories;
    final Map<RangeId, Node> expected = new HashMap<>();
    final Map<IpAddress, NextHop> routes = new HashMap<>();

    Run(Random random) {
      this.random = random;
      apply(table.welcome(RANGES, endpoints(ELEMENTS)));
      histories = RANGES.stream().map(range -> new History(range, ELEMENTS, random)).toList();
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        step(histories.get(random.nextInt(histories.size())));
        check();
      }
      for (History history : histories) {
        // Whatever happened, the snapshot of a new owner brings everything in order.
        history.takeOver();
        history.snapshot(history.latest()).forEach(part -> hear(new SessionId(9), part));
        expected.put(history.range, history.latest());
      }
      check();
      assertTrue(table.inSync());
    }

    void step(History history) {
      SessionId session = new SessionId(random.nextInt(3));
      switch (random.nextInt(8)) {
        case 0 -> history.takeOver();
        case 1 -> history.commit(history.any());
        case 2, 3 -> history.commit(history.latest());
        case 4, 5 -> delta(session, history, history.latest());
        case 6 -> delta(session, history, history.any());
        default ->
            snapshot(session, history, random.nextBoolean() ? history.latest() : history.any());
      }
    }

    void delta(SessionId session, History history, Node to) {
      Delta delta = history.deltaTo(to);
      RangePosition mine = table.position(delta.position().range());
      Heard heard = table.hear(session, delta);
      boolean isOld = isBefore(to.position(), mine) || to.position().equals(mine);
      boolean continues =
          delta.fromRevision() == mine.revision() && delta.fromHash().equals(mine.hash());
      if (isOld) {
        assertInstanceOf(Heard.Ignored.class, heard);
      } else if (continues) {
        apply(assertInstanceOf(Heard.Applied.class, heard).changes());
        expected.put(delta.position().range(), to);
      } else {
        assertInstanceOf(Heard.ResyncNeeded.class, heard);
      }
    }

    void snapshot(SessionId session, History history, Node node) {
      List<Snapshot> parts = history.snapshot(node);
      int lost = random.nextInt(4) == 0 ? random.nextInt(parts.size()) : -1;
      RangeId range = node.position().range();
      boolean isOld = isBefore(node.position(), table.position(range));
      boolean dies = random.nextInt(6) == 0 && parts.size() > 1;
      for (Snapshot part : parts) {
        if (dies && part.last()) {
          table.sessionEnded(session);
        }
        if (part.part() != lost) {
          hear(session, part);
        }
      }
      table.sessionEnded(session);
      if (!isOld && lost < 0 && !dies) {
        expected.put(range, node);
      }
    }

    void hear(SessionId session, Snapshot part) {
      if (table.hear(session, part) instanceof Heard.Applied applied) {
        apply(applied.changes());
      }
    }

    void apply(List<RouteChange> changes) {
      for (RouteChange change : changes) {
        if (change instanceof RouteChange.Put put) {
          routes.put(put.address(), put.route().nextHop());
        } else {
          routes.remove(change.address());
        }
      }
    }

    void check() {
      Map<IpAddress, Binding> all = new HashMap<>();
      expected.forEach(
          (range, node) -> {
            assertEquals(node.position(), table.position(range));
            all.putAll(node.content());
          });
      assertEquals(all.values().stream().filter(b -> !b.isReleased()).count(), table.size());
      Map<MacAddress, Set<Binding>> byMac = new HashMap<>();
      Map<IpAddress, NextHop> wanted = new HashMap<>();
      for (Binding binding : all.values()) {
        assertEquals(binding, table.binding(binding.address()).orElseThrow());
        boolean bound = !binding.isReleased();
        boolean here = binding.fe().equals(SELF);
        assertEquals(bound && here, table.isLocal(binding.address()));
        assertEquals(bound && !here, table.isRemote(binding.address()));
        if (!bound) {
          continue;
        }
        byMac.computeIfAbsent(binding.mac(), m -> new HashSet<>()).add(binding);
        wanted.put(binding.address(), nextHop(binding));
      }
      assertEquals(List.of(), table.bindingsOf(MacAddress.NONE));
      byMac.forEach((mac, some) -> assertEquals(some, new HashSet<>(table.bindingsOf(mac))));
      // The changes that were handed out add up to what the bindings say. A VM's MAC matters only
      // where it is, so a snapshot need not repeat a tunnel.
      assertEquals(wanted, routes);
      assertEquals(Set.of(), table.unroutable());
    }
  }

  private static boolean isBefore(RangePosition a, RangePosition b) {
    return a.epoch() < b.epoch() || (a.epoch() == b.epoch() && a.revision() < b.revision());
  }

  private static NextHop nextHop(Binding binding) {
    return binding.fe().equals(SELF)
        ? new NextHop.Local(binding.mac())
        : new NextHop.Tunnel(underlay(binding.fe()));
  }

  static List<FeEndpoint> endpoints(List<FeId> elements) {
    return elements.stream()
        .map(fe -> new FeEndpoint(fe, new SiteId("site1"), underlay(fe)))
        .toList();
  }

  static IpAddress underlay(FeId fe) {
    return IpAddress.parse("172.16.1." + fe.value().substring(2));
  }
}
