package io.sterna.loadgen.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables that share what they hold say the same as if each had its own: of a random history, in
 * which owners change and rows are discarded, each element hears its own way, step by step or not.
 */
class SharedRangeTest {
  private static final RangeId RANGE = RangeId.parse("10.20.0.0/26");
  private static final int VMS = 64;
  private static final int ROWS = 600;
  private static final FeId[] FES = {new FeId("fe1"), new FeId("fe2"), new FeId("fe3")};

  private final VmSpace vms = new VmSpace(IpPrefix.parse("10.20.0.0/26"), VMS);
  private final BindingReader reader = new BindingReader(vms, SharedRangeTest::number);
  private final List<Row> history = new ArrayList<>();

  /**
   * Where a range was.
   *
   * @param delta what led there from the row before
   * @param discarded what an owner that was superseded said instead
   * @param content what it held then, by the number of the VM
   */
  private record Row(
      RangePosition position, Delta delta, Delta discarded, Map<Integer, Binding> content) {}

  /** One element, and what it must say. */
  private final class Element implements TableWatch {
    private final FeTable table = new FeTable("an element", reader, this);
    private final int[] version = new int[VMS];
    private final int[] holder = new int[VMS];
    private final boolean isFirst;
    private int at;
    private boolean wentAstray;
    private int backs;
    private int expectedBacks;
    private int advances;
    private int expectedAdvances;

    Element(boolean isFirst) {
      this.isFirst = isFirst;
      Arrays.fill(holder, FeTable.NOWHERE);
      table.welcome(List.of(RANGE));
    }

    void hear(Delta delta) {
      assertEquals(Heard.APPLIED, table.hear(1, delta));
      delta.changes().forEach(this::expect);
      check();
    }

    void hearAll(Row row) {
      List<Binding> all = List.copyOf(row.content.values());
      int half = all.size() / 2;
      Snapshot begin = new Snapshot(row.position, 0, false, all.subList(0, half));
      assertEquals(Heard.INCOMPLETE, table.hear(1, begin));
      Snapshot rest = new Snapshot(row.position, 1, true, all.subList(half, all.size()));
      assertEquals(Heard.APPLIED, table.hear(1, rest));
      all.forEach(this::expect);
      for (int vm = 0; vm < VMS; vm++) {
        if (!row.content.containsKey(vm) && version[vm] > 0) {
          expectedBacks++;
          version[vm] = 0;
          holder[vm] = FeTable.NOWHERE;
        }
      }
      check();
    }

    private void expect(Binding binding) {
      int vm = vms.vmOf(binding.address());
      if (binding.version() < version[vm]) {
        expectedBacks++;
      } else if (isFirst && binding.version() > version[vm]) {
        expectedAdvances++;
      }
      version[vm] = (int) binding.version();
      holder[vm] = binding.isReleased() ? FeTable.NOWHERE : number(binding.fe());
    }

    void check() {
      for (int vm = 0; vm < VMS; vm++) {
        assertEquals(version[vm], table.version(vm), "version of " + vm);
        assertEquals(holder[vm], table.holder(vm), "holder of " + vm);
      }
      assertEquals(expectedBacks, backs);
      assertEquals(expectedAdvances, advances);
    }

    @Override
    public boolean isNew(RangePosition next) {
      return isFirst;
    }

    @Override
    public void advanced(int vm, int fromVersion, int toVersion) {
      advances++;
    }

    @Override
    public void moved(RangePosition from, RangePosition to) {}

    @Override
    public void wentBack(String what) {
      backs++;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eachTableSaysWhatItsElementHeard(long seed) {
    Random random = new Random(seed);
    makeHistory(random);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      elements.add(new Element(i < 2));
    }
    while (elements.stream().anyMatch(each -> each.at < ROWS)) {
      Element next = elements.get(random.nextInt(elements.size()));
      // Some stand still for so long that the others do not wait for them.
      int steps = random.nextInt(20) == 0 ? 100 : random.nextInt(3);
      for (int i = 0; i < steps && next.at < ROWS; i++) {
        goOn(next, random);
      }
      elements.forEach(Element::check);
    }
    Element late = new Element(false);
    late.hearAll(history.get(ROWS));
    elements.forEach(each -> assertEquals(late.table.positions(), each.table.positions()));
    assertTrue(elements.get(0).expectedBacks > 0, "nothing ever went back");
  }

  /** Mostly the next row; sometimes several at once, all there is, or what will be discarded. */
  private void goOn(Element element, Random random) {
    int to = element.at + 1;
    int way = random.nextInt(40);
    if (element.wentAstray || way == 0) {
      to = Math.min(ROWS, to + random.nextInt(3));
      element.hearAll(history.get(to));
      element.wentAstray = false;
    } else if (way == 1) {
      to = Math.min(ROWS, to + random.nextInt(5));
      element.hear(conflated(element.at, to));
    } else if (way < 10 && isOwnersFirst(to)) {
      element.hear(history.get(to).discarded);
      element.wentAstray = true;
      return;
    } else {
      element.hear(history.get(to).delta);
    }
    element.at = to;
  }

  private boolean isOwnersFirst(int row) {
    return history.get(row).position.epoch() > history.get(row - 1).position.epoch() && row > 1;
  }

  private Delta conflated(int from, int to) {
    Map<Integer, Binding> last = new TreeMap<>();
    for (int row = from + 1; row <= to; row++) {
      for (Binding change : history.get(row).delta.changes()) {
        last.put(vms.vmOf(change.address()), change);
      }
    }
    RangePosition begin = history.get(from).position;
    return new Delta(
        begin.revision(), begin.hash(), history.get(to).position, List.copyOf(last.values()));
  }

  private void makeHistory(Random random) {
    RangePosition unknown = RangePosition.unknown(RANGE);
    Delta nothing = new Delta(0, unknown.hash(), unknown, List.of());
    Map<Integer, Binding> content = new TreeMap<>();
    history.add(new Row(unknown, nothing, nothing, Map.of()));
    RangePosition before = unknown;
    long epoch = 1;
    for (int row = 1; row <= ROWS; row++) {
      boolean isOwnersFirst = row > 1 && random.nextInt(15) == 0;
      RangePosition astray = new RangePosition(RANGE, epoch, row, hash(row, 7));
      epoch += isOwnersFirst ? 1 : 0;
      RangePosition position = new RangePosition(RANGE, epoch, row, hash(row, 1));
      List<Binding> discarded = changes(content, random);
      List<Binding> changes = changes(content, random);
      changes.forEach(each -> content.put(vms.vmOf(each.address()), each));
      history.add(
          new Row(
              position,
              new Delta(before.revision(), before.hash(), position, changes),
              new Delta(before.revision(), before.hash(), astray, discarded),
              Collections.unmodifiableMap(new TreeMap<>(content))));
      before = position;
    }
  }

  /** Of several VMs, some of which are released; rarely a version falls, as it never must. */
  private List<Binding> changes(Map<Integer, Binding> content, Random random) {
    List<Integer> numbers = new ArrayList<>();
    for (int vm = 0; vm < VMS; vm++) {
      numbers.add(vm);
    }
    Collections.shuffle(numbers, random);
    List<Binding> changes = new ArrayList<>();
    for (int vm : numbers.subList(0, random.nextInt(6))) {
      Binding held = content.get(vm);
      long version = held == null ? 0 : held.version();
      long next = version > 1 && random.nextInt(50) == 0 ? version - 1 : version + 1;
      FeId fe = FES[random.nextInt(FES.length)];
      Binding binding = new Binding(vms.address(vm), fe, vms.mac(vm), next);
      changes.add(random.nextInt(8) == 0 ? binding.released() : binding);
    }
    return List.copyOf(changes);
  }

  private static int number(FeId fe) {
    return Integer.parseInt(fe.value().substring(2)) - 1;
  }

  private static ChainHash hash(int row, int branch) {
    byte[] bytes = new byte[ChainHash.BYTES];
    bytes[0] = (byte) row;
    bytes[1] = (byte) (row >>> Byte.SIZE);
    bytes[2] = (byte) branch;
    return ChainHash.ofBytes(bytes);
  }
}
