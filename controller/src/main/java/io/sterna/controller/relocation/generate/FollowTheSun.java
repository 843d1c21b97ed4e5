package io.sterna.controller.relocation.generate;

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
import java.util.SplittableRandom;

/**
 * Clients that are awake by day. Data centers round the globe, with RTTs by their distance; in the
 * region of each the clients work, most of them at two in the afternoon by the sun, a few at night.
 * Applications of 1 to 6 VMs answer them: how much of an application's custom is from which region
 * differs (lognormal, sigma 0.7), and the VMs of an application talk to each other, too. Each data
 * center has room for a share of all VMs. The same for the same arguments.
 *
 * @param vms how many
 * @param room of each data center, as a share of all VMs
 * @param seed of the chance
 */
public record FollowTheSun(int vms, double room, long seed) {
  private static final int APPLICATION_MAX = 6;
  private static final double SIGMA = 0.7;
  private static final double AT_NIGHT = 0.03;
  private static final double BUSIEST_HOUR = 14;
  private static final double DEGREES_PER_HOUR = 15;
  private static final double EARTH_RADIUS_KM = 6371;

  /** There and back at 200 km a millisecond, by cables half as long again as the way. */
  private static final double RTT_MS_PER_KM = 2 * 1.5 / 200;

  private static final double LINK_MBPS = 10_000;
  private static final double CLIENT_MBPS = 20;

  /** Of what an application's clients send at their busiest: what its VMs tell each other. */
  private static final double INSIDE = 0.5;

  private static final int[] MEMORY_MIB = {2048, 4096, 8192};
  private static final int FIRST_ADDRESS = 0x0a000001;

  private static final List<Place> PLACES =
      List.of(
          new Place("frankfurt", 50.11, 8.68),
          new Place("mumbai", 19.08, 72.88),
          new Place("tokyo", 35.68, 139.69),
          new Place("oregon", 45.60, -121.18),
          new Place("virginia", 39.04, -77.49),
          new Place("sao-paulo", -23.55, -46.63));

  private record Place(String name, double latitude, double longitude) {
    SiteId id() {
      return new SiteId(name);
    }

    double kmTo(Place other) {
      double up = Math.toRadians(other.latitude - latitude) / 2;
      double along = Math.toRadians(other.longitude - longitude) / 2;
      double a =
          Math.pow(Math.sin(up), 2)
              + Math.cos(Math.toRadians(latitude))
                  * Math.cos(Math.toRadians(other.latitude))
                  * Math.pow(Math.sin(along), 2);
      return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(a));
    }

    double activity(double hourUtc) {
      double hour = hourUtc + longitude / DEGREES_PER_HOUR;
      double sun = Math.cos((hour - BUSIEST_HOUR) / 24 * 2 * Math.PI);
      return AT_NIGHT + (1 - AT_NIGHT) * Math.max(0, sun);
    }
  }

  /**
   * @throws IllegalArgumentException if the data centers have not room for all
   */
  public FollowTheSun {
    if (vms < PLACES.size() || vms > 1_000_000) {
      throw new IllegalArgumentException("so many VMs cannot be made: " + vms);
    }
    if (!(room * PLACES.size() >= 1 && room <= 1)) {
      throw new IllegalArgumentException(
          "a room of %s is not between 1/%d and 1".formatted(room, PLACES.size()));
    }
  }

  /** The network at a time of the day, with the VMs spread evenly: where they are, others say. */
  public Scenario at(double hourUtc) {
    SplittableRandom random = new SplittableRandom(seed);
    Scenario.Builder builder = Scenario.builder(network());
    for (int i = 0; i < vms; i++) {
      SiteId site = PLACES.get(i % PLACES.size()).id();
      int memoryMib = MEMORY_MIB[random.nextInt(MEMORY_MIB.length)];
      builder.add(Vm.movable(IpAddress.ofV4(FIRST_ADDRESS + i), site, memoryMib));
    }
    int[] regions = new int[PLACES.size()];
    for (int i = 0; i < regions.length; i++) {
      IpPrefix prefix = IpPrefix.parse("198.51.%d.0/24".formatted(100 + i));
      regions[i] = builder.add(new Clients(prefix, PLACES.get(i).id()));
    }
    for (int first = 0; first < vms; ) {
      int size = Math.min(1 + random.nextInt(APPLICATION_MAX), vms - first);
      addApplication(builder, random, regions, first, size, hourUtc);
      first += size;
    }
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addApplication(
      Scenario.Builder builder,
      SplittableRandom random,
      int[] regions,
      int first,
      int size,
      double hourUtc) {
    for (int region = 0; region < regions.length; region++) {
      double custom = CLIENT_MBPS * Math.exp(SIGMA * random.nextGaussian());
      double mbps = custom * PLACES.get(region).activity(hourUtc) / size;
      for (int i = 0; i < size; i++) {
        builder.flow(regions[region], first + i, mbps * 0.1);
        builder.flow(first + i, regions[region], mbps);
      }
    }
    for (int i = 1; i < size; i++) {
      builder.flow(first, first + i, CLIENT_MBPS * INSIDE);
      builder.flow(first + i, first, CLIENT_MBPS * INSIDE);
    }
  }

  private Network network() {
    int capacity = Math.max((int) Math.ceil(vms * room), (vms - 1) / PLACES.size() + 1);
    List<Site> sites = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (Place each : PLACES) {
      sites.add(
          new Site(each.id(), each.latitude(), each.longitude(), capacity, Site.ANY_MEMORY, 0.05));
      for (Place other : PLACES) {
        if (!each.equals(other)) {
          double rttMs = 1 + RTT_MS_PER_KM * each.kmTo(other);
          links.add(new Link(each.id(), other.id(), LINK_MBPS, rttMs, 0.02));
        }
      }
    }
    return new Network(sites, links);
  }
}
