package io.sterna.controller.relocation.generate;

import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A scenario made by chance: applications of 2 to 60 VMs (Pareto, shape 1.3) scattered over the
 * sites; each VM sends to four others of its own application (all of them, if it has fewer), at
 * lognormal rates (sigma 1.5); half as many pairs of any two VMs talk as well, at a tenth of these
 * rates; some VMs are pinned; links of 1 to 10 Gbit/s. The same for the same arguments.
 *
 * @param vms how many
 * @param sites how many
 * @param shape how these are connected
 * @param spare what is left of each site's room, as a share of what is taken
 * @param pinned share of the VMs that may not be moved
 * @param seed of the chance
 */
public record GeneratedScenario(
    int vms, int sites, Shape shape, double spare, double pinned, long seed) {
  private static final int APPLICATION_MIN = 2;
  private static final int APPLICATION_MAX = 60;
  private static final double PARETO_SHAPE = 1.3;
  private static final int PEERS = 4;
  private static final double SIGMA = 1.5;

  /** Of flows between any two VMs: half as many, and weak. */
  private static final double WEAK_SHARE = 0.5;

  private static final double WEAK_RATE = 0.1;

  private static final int[] MEMORY_MIB = {1024, 2048, 4096, 8192};
  private static final int FIRST_ADDRESS = 0x0a000001;
  private static final int ADDRESSES = 1 << 24;

  /** Of what all links together carry before anything is moved: they are loaded, not drowned. */
  private static final double MEAN_LOAD = 0.5;

  /**
   * @throws IllegalArgumentException naming the first argument of which no scenario can be made
   */
  public GeneratedScenario {
    if (vms < APPLICATION_MIN || vms >= ADDRESSES - 1) {
      throw new IllegalArgumentException("so many VMs cannot be made: " + vms);
    }
    if (sites < 1 || sites > vms) {
      throw new IllegalArgumentException("so many sites cannot be made: " + sites);
    }
    if (!(spare >= 0 && spare <= 10) || !(pinned >= 0 && pinned <= 1)) {
      throw new IllegalArgumentException("a share is out of range: " + spare + ", " + pinned);
    }
  }

  /** Makes it. */
  public Scenario make() {
    SplittableRandom random = new SplittableRandom(seed);
    int capacity = (int) Math.ceil(vms * (1 + spare) / sites);
    List<Site> places = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      double angle = 2 * Math.PI * i / sites;
      places.add(
          new Site(
              new SiteId("dc" + (i + 1)),
              rounded(45 + 10 * Math.sin(angle), 4),
              rounded(10 + 20 * Math.cos(angle), 4),
              capacity,
              Site.ANY_MEMORY,
              rounded(0.02 + 0.06 * random.nextDouble(), 4)));
    }
    Network network = new Network(places, links(random, places));
    Scenario.Builder builder = Scenario.builder(network);
    addVms(builder, random, places, capacity);
    addFlows(builder, random, network);
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Link> links(SplittableRandom random, List<Site> places) {
    List<Link> links = new ArrayList<>();
    for (int a = 0; a < sites; a++) {
      for (int b = a + 1; b < sites; b++) {
        boolean isNext = b == a + 1 || (a == 0 && b == sites - 1);
        if (shape == Shape.RING && !isNext) {
          continue;
        }
        double gbps = rounded(1 + 9 * random.nextDouble(), 3);
        double rttMs = rounded(5 + 75 * random.nextDouble(), 2);
        double price = rounded(0.01 + 0.08 * random.nextDouble(), 4);
        SiteId one = places.get(a).id();
        SiteId other = places.get(b).id();
        links.add(new Link(one, other, gbps * 1000, rttMs, price));
        links.add(new Link(other, one, gbps * 1000, rttMs, price));
      }
    }
    return links;
  }

  /** Scattered: each VM takes one of the rooms that are left, any of them. */
  private void addVms(
      Scenario.Builder builder, SplittableRandom random, List<Site> places, int capacity) {
    int[] rooms = new int[capacity * sites];
    for (int i = 0; i < rooms.length; i++) {
      rooms[i] = i % sites;
    }
    for (int i = 0; i < vms; i++) {
      int pick = i + random.nextInt(rooms.length - i);
      int site = rooms[pick];
      rooms[pick] = rooms[i];
      IpAddress address = IpAddress.ofV4(FIRST_ADDRESS + i);
      int memoryMib = MEMORY_MIB[random.nextInt(MEMORY_MIB.length)];
      SiteId id = places.get(site).id();
      builder.add(
          random.nextDouble() < pinned
              ? Vm.pinned(address, id, memoryMib)
              : Vm.movable(address, id, memoryMib));
    }
  }

  private void addFlows(Scenario.Builder builder, SplittableRandom random, Network network) {
    Flows flows = new Flows();
    int first = 0;
    while (first < vms) {
      int size = Math.min(applicationSize(random), vms - first);
      for (int i = 0; i < size; i++) {
        addPeers(flows, random, first, size, i);
      }
      first += size;
    }
    int weak = (int) (flows.count * WEAK_SHARE);
    for (int i = 0; i < weak; i++) {
      int source = random.nextInt(vms);
      int destination = random.nextInt(vms - 1);
      destination += destination >= source ? 1 : 0;
      flows.add(source, destination, WEAK_RATE * lognormal(random));
    }
    double capacityMbps = network.links().stream().mapToDouble(Link::capacityMbps).sum();
    double scale = capacityMbps * MEAN_LOAD / flows.totalRate;
    for (int i = 0; i < flows.count; i++) {
      double mbps = Math.max(1e-6, rounded(flows.rates[i] * scale, 6));
      builder.flow(flows.sources[i], flows.destinations[i], mbps);
    }
  }

  private static void addPeers(Flows flows, SplittableRandom random, int first, int size, int i) {
    int peers = Math.min(PEERS, size - 1);
    int[] chosen = new int[peers];
    for (int found = 0; found < peers; ) {
      int peer = random.nextInt(size);
      boolean isNew = peer != i;
      for (int k = 0; k < found; k++) {
        isNew &= chosen[k] != peer;
      }
      if (isNew) {
        chosen[found++] = peer;
        flows.add(first + i, first + peer, lognormal(random));
      }
    }
  }

  private static int applicationSize(SplittableRandom random) {
    double size = APPLICATION_MIN / Math.pow(1 - random.nextDouble(), 1 / PARETO_SHAPE);
    return (int) Math.min(APPLICATION_MAX, size);
  }

  private static double lognormal(SplittableRandom random) {
    return Math.exp(SIGMA * random.nextGaussian());
  }

  private static double rounded(double value, int digits) {
    double factor = Math.pow(10, digits);
    return Math.round(value * factor) / factor;
  }

  /** What is sent, before it is scaled to the links. */
  private static final class Flows {
    private int[] sources = new int[1024];
    private int[] destinations = new int[1024];
    private double[] rates = new double[1024];
    private int count;
    private double totalRate;

    void add(int source, int destination, double rate) {
      if (count == sources.length) {
        sources = Arrays.copyOf(sources, 2 * count);
        destinations = Arrays.copyOf(destinations, 2 * count);
        rates = Arrays.copyOf(rates, 2 * count);
      }
      sources[count] = source;
      destinations[count] = destination;
      rates[count++] = rate;
      totalRate += rate;
    }
  }
}
