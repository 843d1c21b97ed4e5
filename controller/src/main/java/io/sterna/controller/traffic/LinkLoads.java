package io.sterna.controller.traffic;

import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What the links of a network carry: traffic between two sites takes the path of least RTT. */
public final class LinkLoads {
  private static final double BITS_PER_BYTE = 8;
  private static final double BITS_PER_MEGABIT = 1e6;

  private LinkLoads() {}

  /**
   * Two sites, in one direction.
   *
   * @param between the two
   * @param rate what VMs at one send to VMs at the other
   * @param carriedMbps what the link from one to the other carries; empty if there is none
   * @param capacityMbps of that link
   */
  public record LinkLoad(
      SiteLink between, Rate rate, OptionalDouble carriedMbps, OptionalDouble capacityMbps) {
    /** Which part of the capacity is used. */
    public OptionalDouble share() {
      return carriedMbps.isPresent() && capacityMbps.isPresent()
          ? OptionalDouble.of(carriedMbps.getAsDouble() / capacityMbps.getAsDouble())
          : OptionalDouble.empty();
    }
  }

  /** Every two sites that exchange something or have a link, in order of their names. */
  public static List<LinkLoad> of(Map<SiteLink, Rate> rates, Optional<Network> network) {
    Map<String, LinkLoad> loads = new TreeMap<>();
    rates.forEach(
        (between, rate) ->
            loads.put(
                key(between),
                new LinkLoad(between, rate, OptionalDouble.empty(), OptionalDouble.empty())));
    network.ifPresent(
        known -> {
          double[] carried = carriedMbps(rates, known);
          for (int i = 0; i < carried.length; i++) {
            Link link = known.links().get(i);
            SiteLink between = new SiteLink(link.from(), link.to());
            loads.put(
                key(between),
                new LinkLoad(
                    between,
                    rates.getOrDefault(between, Rate.ZERO),
                    OptionalDouble.of(carried[i]),
                    OptionalDouble.of(link.capacityMbps())));
          }
        });
    return new ArrayList<>(loads.values());
  }

  /** Sites' names hold no such character. */
  private static String key(SiteLink between) {
    return between.from() + ">" + between.to();
  }

  private static double[] carriedMbps(Map<SiteLink, Rate> rates, Network network) {
    double[] carried = new double[network.links().size()];
    rates.forEach(
        (between, rate) -> {
          OptionalInt from = network.find(between.from());
          OptionalInt to = network.find(between.to());
          if (from.isPresent() && to.isPresent()) {
            for (int link : network.path(from.getAsInt(), to.getAsInt())) {
              carried[link] += mbps(rate);
            }
          }
        });
    return carried;
  }

  /** Megabits per second. */
  public static double mbps(Rate rate) {
    return mbps(rate.bytesPerSec());
  }

  /** Megabits per second. */
  public static double mbps(double bytesPerSec) {
    return bytesPerSec * BITS_PER_BYTE / BITS_PER_MEGABIT;
  }
}
