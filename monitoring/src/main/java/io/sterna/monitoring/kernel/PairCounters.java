package io.sterna.monitoring.kernel;

import io.sterna.linux.Bpf;
import io.sterna.linux.Bpf.Hook;
import io.sterna.linux.BpfDrain;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one bridge.
 *
 * <p>A program runs for what each port receives and for what the host itself sends onto the bridge,
 * so for each packet on the bridge once. The programs and their maps stay when this process ends,
 * and the next one goes on with them: {@link #remove} ends the counting.
 *
 * <p>Not thread-safe.
 */
public final class PairCounters implements AutoCloseable {
  private static final String PROGRAM_OF_VMS = "sterna_sent";
  private static final String PROGRAM_OF_REST = "sterna_from_far";
  private static final int DRAIN_ENTRIES = 16_384;

  /** What it needs outside of the heap to read with. */
  public static final int BUFFER_BYTES =
      DRAIN_ENTRIES * (PairProgram.KEY_BYTES_V6 + PairProgram.VALUE_BYTES);

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  private static final long MAPPED = 0xffff_0000_0000L;

  private final NetworkNamespace namespace;
  private final PairCounterSettings settings;
  private final BridgePorts ports;
  private final PairMaps maps;
  private final int ofVms;
  private final int ofRest;
  private final BpfDrain drain =
      new BpfDrain(PairProgram.KEY_BYTES_V6, PairProgram.VALUE_BYTES, DRAIN_ENTRIES);

  /** Where a program runs, and which. */
  private final Map<Place, Integer> attached = new HashMap<>();

  private final Rotation rotation;

  private record Place(int interfaceIndex, Hook hook) {}

  /**
   * What was counted in an interval.
   *
   * @param duration how long it took
   * @param pairs what was counted, pair by pair
   * @param totals what was not told apart
   */
  public record Interval(Duration duration, PairCounts pairs, Totals totals) {}

  /**
   * What is not told apart.
   *
   * @param otherBytes of frames that are no IP, without their Ethernet header
   * @param otherPackets the same in frames
   * @param missedBytes of packets whose pair found no room
   * @param missedPackets the same in packets
   */
  public record Totals(long otherBytes, long otherPackets, long missedBytes, long missedPackets) {
    Totals since(Totals former) {
      return new Totals(
          otherBytes - former.otherBytes,
          otherPackets - former.otherPackets,
          missedBytes - former.missedBytes,
          missedPackets - former.missedPackets);
    }
  }

  private PairCounters(
      NetworkNamespace namespace,
      PairCounterSettings settings,
      BridgePorts ports,
      PairMaps maps,
      int ofVms,
      int ofRest)
      throws IOException {
    this.namespace = namespace;
    this.settings = settings;
    this.ports = ports;
    this.maps = maps;
    this.ofVms = ofVms;
    this.ofRest = ofRest;
    this.rotation = new Rotation(new MapsInKernel(), maps.told());
  }

  /**
   * Begins to count at the bridge and at each port that it has now, or goes on with what an earlier
   * process left.
   *
   * @param nowNanos of the monotonic clock
   * @throws IOException if there is no such bridge, or the kernel refuses
   */
  public static PairCounters open(
      NetworkNamespace namespace, PairCounterSettings settings, long nowNanos) throws IOException {
    BridgePorts ports = new BridgePorts(namespace, settings.bridge());
    try {
      int bridge = ports.find().bridgeIndex();
      if (bridge == 0) {
        throw new IOException(
            "no bridge '%s' in network namespace '%s'"
                .formatted(settings.bridge(), namespace.name()));
      }
      // Where the kernel cannot say when programs have ended, nothing could ever be read.
      Bpf.awaitRunning();
      PairMaps maps = mapsAt(namespace, bridge, settings.pairsMax());
      if (maps == null) {
        maps = PairMaps.create(settings.pairsMax());
        maps.begin(nowNanos);
      }
      PairCounters counters =
          new PairCounters(
              namespace,
              settings,
              ports,
              maps,
              Bpf.load(PROGRAM_OF_VMS, PairProgram.assemble(maps, WayIn.SENT_BY_VM)),
              Bpf.load(PROGRAM_OF_REST, PairProgram.assemble(maps, WayIn.FROM_ELSEWHERE)));
      counters.follow();
      return counters;
    } catch (IOException | RuntimeException e) {
      ports.close();
      throw e;
    }
  }

  /**
   * Looks at the bridge: counts at its new ports and no longer at those that left it. What comes in
   * at a new port before this call is not counted.
   *
   * @return how many places were added
   */
  public int follow() throws IOException {
    Map<Place, Integer> wanted = new HashMap<>();
    BridgePorts.Found found = ports.find();
    if (found.bridgeIndex() != 0) {
      wanted.put(new Place(found.bridgeIndex(), Hook.EGRESS), ofRest);
    }
    found
        .portNames()
        .forEach(
            (index, name) -> {
              if (!settings.ignored().contains(name)) {
                boolean uplink = settings.uplinks().contains(name);
                wanted.put(new Place(index, Hook.INGRESS), uplink ? ofRest : ofVms);
              }
            });
    if (wanted.equals(attached)) {
      return 0;
    }
    return namespace.call(() -> reconcile(wanted));
  }

  /**
   * Ends the interval and begins the next; each packet is counted in exactly one. If it fails, the
   * next call returns the interval that ended then: nothing is lost.
   */
  public Interval rotate(long nowNanos) throws IOException {
    follow();
    return rotation.rotate(nowNanos);
  }

  private final class MapsInKernel implements Rotation.Kernel {
    @Override
    public PairMaps.Ended flip(long nowNanos) throws IOException {
      return maps.flip(nowNanos);
    }

    @Override
    public void awaitRunning() throws IOException {
      Bpf.awaitRunning();
    }

    @Override
    public void drain(int generation, PairCounts into) throws IOException {
      drain.drain(
          maps.v4()[generation],
          PairProgram.KEY_BYTES_V4,
          PairProgram.VALUE_BYTES,
          (keys, at, values, valueAt) -> addV4(into, keys, at, values, valueAt));
      drain.drain(
          maps.v6()[generation],
          PairProgram.KEY_BYTES_V6,
          PairProgram.VALUE_BYTES,
          (keys, at, values, valueAt) -> addV6(into, keys, at, values, valueAt));
    }

    @Override
    public Totals totals() throws IOException {
      return maps.totals();
    }

    @Override
    public void keepTold(Totals told) throws IOException {
      maps.keepTold(told);
    }
  }

  /** Ends the counting. */
  public void remove() throws IOException {
    namespace.call(() -> reconcile(Map.of()));
  }

  /** Lets go; the kernel counts on. */
  @Override
  public void close() throws IOException {
    drain.close();
    Bpf.close(ofVms);
    Bpf.close(ofRest);
    maps.close();
    ports.close();
  }

  /** In the namespace. */
  private int reconcile(Map<Place, Integer> wanted) throws IOException {
    int added = 0;
    for (Entry<Place, Integer> each : wanted.entrySet()) {
      Place place = each.getKey();
      if (!each.getValue().equals(attached.get(place)) && attach(place, each.getValue())) {
        attached.put(place, each.getValue());
        added++;
      }
    }
    for (Place place : Map.copyOf(attached).keySet()) {
      if (!wanted.containsKey(place)) {
        detach(place);
        attached.remove(place);
      }
    }
    return added;
  }

  /** False if the interface went away meanwhile: then it is no port any more. */
  private static boolean attach(Place place, int program) throws IOException {
    try {
      int former = attachedTo(place);
      if (former < 0) {
        Bpf.attach(program, place.interfaceIndex(), place.hook());
        return true;
      }
      try {
        Bpf.replace(program, place.interfaceIndex(), place.hook(), former);
        return true;
      } finally {
        Bpf.close(former);
      }
    } catch (IOException e) {
      if (exists(place)) {
        throw e;
      }
      return false;
    }
  }

  private static void detach(Place place) throws IOException {
    try {
      int program = attachedTo(place);
      if (program >= 0) {
        try {
          Bpf.detach(program, place.interfaceIndex(), place.hook());
        } finally {
          Bpf.close(program);
        }
      }
    } catch (IOException e) {
      if (exists(place)) {
        throw e;
      }
    }
  }

  private static boolean exists(Place place) {
    try {
      Bpf.attached(place.interfaceIndex(), place.hook());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A descriptor of our program at this place; -1 if there is none. */
  private static int attachedTo(Place place) throws IOException {
    for (int id : Bpf.attached(place.interfaceIndex(), place.hook())) {
      int program = Bpf.programById(id);
      String name = Bpf.programInfo(program).name();
      if (name.equals(PROGRAM_OF_VMS) || name.equals(PROGRAM_OF_REST)) {
        return program;
      }
      Bpf.close(program);
    }
    return -1;
  }

  private static @Nullable PairMaps mapsAt(NetworkNamespace namespace, int bridge, int pairsMax)
      throws IOException {
    int program = namespace.call(() -> attachedTo(new Place(bridge, Hook.EGRESS)));
    if (program < 0) {
      return null;
    }
    try {
      return PairMaps.adopt(Bpf.programInfo(program).mapIds(), pairsMax);
    } finally {
      Bpf.close(program);
    }
  }

  private static void addV4(
      PairCounts pairs, ByteBuffer keys, int at, ByteBuffer values, int valueAt) {
    pairs.add(
        keys.getInt(at),
        0,
        MAPPED | Integer.toUnsignedLong(hostOrder(keys.getInt(at + 4))),
        0,
        MAPPED | Integer.toUnsignedLong(hostOrder(keys.getInt(at + 8))),
        values.getLong(valueAt),
        values.getLong(valueAt + 8));
  }

  private static void addV6(
      PairCounts pairs, ByteBuffer keys, int at, ByteBuffer values, int valueAt) {
    pairs.add(
        keys.getInt(at),
        hostOrder(keys.getLong(at + 4)),
        hostOrder(keys.getLong(at + 12)),
        hostOrder(keys.getLong(at + 20)),
        hostOrder(keys.getLong(at + 28)),
        values.getLong(valueAt),
        values.getLong(valueAt + 8));
  }

  private static int hostOrder(int value) {
    return LITTLE ? Integer.reverseBytes(value) : value;
  }

  private static long hostOrder(long value) {
    return LITTLE ? Long.reverseBytes(value) : value;
  }
}
