package io.sterna.agent.table;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of one range committed, as a tree: an owner that was superseded without knowing
 * it goes on from an old node with its old epoch.
 */
final class History {
  /** A committed state. */
  record Node(@Nullable Node parent, RangePosition position, Map<IpAddress, Binding> content) {}

  final List<Node> nodes = new ArrayList<>();
  final RangeId range;
  private final Random random;
  private final List<FeId> elements;
  private long hashes;

  History(RangeId range, List<FeId> elements, Random random) {
    this.range = range;
    this.random = random;
    this.elements = elements;
    Node genesis = new Node(null, RangePosition.unknown(range), Map.of());
    nodes.add(new Node(genesis, new RangePosition(range, 1, 0, ChainHash.GENESIS), Map.of()));
  }

  Node latest() {
    return nodes.get(nodes.size() - 1);
  }

  Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** Somebody takes over: same content, next epoch. */
  void takeOver() {
    Node from = latest();
    RangePosition at = from.position();
    long epoch = nodes.stream().mapToLong(n -> n.position().epoch()).max().orElseThrow() + 1;
    nodes.add(
        new Node(from, new RangePosition(range, epoch, at.revision(), at.hash()), from.content()));
  }

  /** Commits one to three changes on top of a node. */
  Node commit(Node from) {
    Map<IpAddress, Binding> content = new HashMap<>(from.content());
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      IpAddress address = addressIn(range, random.nextInt(20));
      Binding old = content.get(address);
      if (old != null && !old.isReleased() && random.nextInt(4) == 0) {
        content.put(address, old.released());
        continue;
      }
      MacAddress mac = new MacAddress(0x0200_0000_0000L + random.nextInt(5));
      FeId fe = elements.get(random.nextInt(elements.size()));
      content.put(address, new Binding(address, fe, mac, old == null ? 1 : old.version() + 1));
    }
    byte[] hash = ByteBuffer.allocate(ChainHash.BYTES).putLong(++hashes).array();
    RangePosition position =
        new RangePosition(
            range,
            from.position().epoch(),
            from.position().revision() + count,
            ChainHash.ofBytes(hash));
    Node node = new Node(from, position, content);
    nodes.add(node);
    return node;
  }

  /** The delta that leads to a node from one of its ancestors. */
  Delta deltaTo(Node to) {
    Node from = to.parent() == null ? to : to.parent();
    while (from.parent() != null && random.nextInt(3) == 0) {
      from = from.parent();
    }
    Map<IpAddress, Binding> before = from.content();
    List<Binding> changes =
        to.content().values().stream().filter(b -> !b.equals(before.get(b.address()))).toList();
    return new Delta(from.position().revision(), from.position().hash(), to.position(), changes);
  }

  /** The parts of a snapshot of a node. */
  List<Snapshot> snapshot(Node node) {
    List<Binding> bindings = List.copyOf(node.content().values());
    int parts = 1 + random.nextInt(3);
    List<Snapshot> snapshot = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = bindings.size() * part / parts;
      int to = bindings.size() * (part + 1) / parts;
      snapshot.add(
          new Snapshot(node.position(), part, part == parts - 1, bindings.subList(from, to)));
    }
    return snapshot;
  }

  static IpAddress addressIn(RangeId range, int number) {
    IpAddress first = range.prefix().address();
    return new IpAddress(first.high(), first.low() + number);
  }
}
