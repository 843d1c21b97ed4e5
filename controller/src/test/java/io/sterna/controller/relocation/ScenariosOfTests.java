package io.sterna.controller.relocation;

import io.sterna.controller.relocation.model.Endpoint.Clients;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Small scenarios with everything in them: odd capacities, directions that differ, constraints. */
public final class ScenariosOfTests {
  private ScenariosOfTests() {}

  /** A site of the name {@code dcN}. */
  public static Site site(int number, int vmCapacity) {
    SiteId id = new SiteId("dc" + number);
    return new Site(id, 0, 0, vmCapacity, Site.ANY_MEMORY, 0.1 * number);
  }

  /** Both directions between two sites. */
  public static List<Link> both(Site one, Site other, double mbps, double rttMs, double price) {
    return List.of(
        new Link(one.id(), other.id(), mbps, rttMs, price),
        new Link(other.id(), one.id(), mbps, rttMs, price));
  }

  /** An address by its number. */
  public static IpAddress address(int number) {
    return IpAddress.ofV4(0x0a000001 + number);
  }

  /**
   * A scenario by chance.
   *
   * @param sites how many
   * @param vms how many
   * @param spare how many more fit, in all
   */
  public static Scenario random(long seed, int sites, int vms, int spare) {
    Random random = new Random(seed);
    int[] home = random.ints(vms, 0, sites).toArray();
    int[] room = new int[sites];
    long[] memory = new long[sites];
    long[] memoryMib = random.longs(vms, 1, 9).map(each -> each * 512).toArray();
    for (int i = 0; i < vms; i++) {
      room[home[i]]++;
      memory[home[i]] += memoryMib[i];
    }
    for (int i = 0; i < spare; i++) {
      room[random.nextInt(sites)]++;
    }
    List<Site> places = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      SiteId id = new SiteId("dc" + i);
      long fits = random.nextInt(3) == 0 ? memory[i] + 4096 : Site.ANY_MEMORY;
      places.add(new Site(id, 0, 0, room[i], fits, random.nextDouble()));
    }
    for (int a = 0; a < sites; a++) {
      for (int b = 0; b < sites; b++) {
        boolean next = b == (a + 1) % sites || a == (b + 1) % sites;
        if (a != b && (next || random.nextBoolean())) {
          links.add(
              new Link(
                  places.get(a).id(),
                  places.get(b).id(),
                  100 + random.nextInt(900),
                  1 + random.nextInt(50),
                  random.nextDouble()));
        }
      }
    }
    Scenario.Builder builder = Scenario.builder(new Network(places, links));
    for (int i = 0; i < vms; i++) {
      SiteId at = places.get(home[i]).id();
      boolean picky = random.nextInt(8) == 0;
      builder.add(
          new Vm(
              address(i),
              at,
              memoryMib[i],
              random.nextInt(50),
              random.nextInt(10) > 0,
              random.nextInt(6) == 0 ? Optional.of("g" + random.nextInt(3)) : Optional.empty(),
              picky ? Set.of(places.get(random.nextInt(sites)).id()) : Set.of()));
    }
    builder.add(new Clients(IpPrefix.parse("203.0.113.0/24"), places.get(0).id()));
    for (int i = 0; i < 3 * vms; i++) {
      int source = random.nextInt(vms + 1);
      int destination = random.nextInt(vms + 1);
      if (source != destination) {
        builder.flow(source, destination, Math.exp(random.nextGaussian()));
      }
    }
    return built(builder);
  }

  /** What cannot be overfull. */
  public static Scenario built(Scenario.Builder builder) {
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new AssertionError(e);
    }
  }
}
