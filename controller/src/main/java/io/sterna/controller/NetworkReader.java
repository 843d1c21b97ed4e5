package io.sterna.controller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what {@code reference.conf} documents under {@code sterna.controller.network}. */
final class NetworkReader {
  private NetworkReader() {}

  /**
   * @param elements the inventory: their sites are those of the network
   * @return empty if nothing is configured
   * @throws ConfigException with origin, key and reason
   */
  static Optional<Network> read(Config config, List<FeEndpoint> elements) {
    List<Site> sites = sites(config);
    if (sites.isEmpty()) {
      if (!config.getConfigList("links").isEmpty()) {
        throw ControllerSettings.bad(config, "sites", "is empty, but there are links");
      }
      return Optional.empty();
    }
    Set<SiteId> ids = new HashSet<>();
    sites.forEach(site -> ids.add(site.id()));
    for (FeEndpoint each : elements) {
      if (!ids.contains(each.site())) {
        throw ControllerSettings.bad(
            config, "sites", "lack %s, the site of %s".formatted(each.site(), each.fe()));
      }
    }
    Network network = new Network(sites, links(config, ids));
    checkConnected(config, network);
    return Optional.of(network);
  }

  private static List<Site> sites(Config config) {
    List<Site> sites = new ArrayList<>();
    Set<SiteId> ids = new HashSet<>();
    for (Config each : config.getConfigList("sites")) {
      Site site =
          new Site(
              ControllerSettings.parsed(each, "id", SiteId::new),
              within(each, "latitude", -90, 90),
              within(each, "longitude", -180, 180),
              (int) within(each, "vm-capacity", 0, Integer.MAX_VALUE),
              each.hasPath("memory-capacity-mib")
                  ? (long) within(each, "memory-capacity-mib", 0, 1e15)
                  : Site.ANY_MEMORY,
              optional(each, "price-per-vm-hour"));
      if (!ids.add(site.id())) {
        throw ControllerSettings.bad(each, "id", site.id() + " is listed twice");
      }
      sites.add(site);
    }
    return sites;
  }

  private static List<Link> links(Config config, Set<SiteId> ids) {
    List<Link> links = new ArrayList<>();
    Set<List<SiteId>> seen = new HashSet<>();
    for (Config each : config.getConfigList("links")) {
      SiteId from = known(each, "from", ids);
      SiteId to = known(each, "to", ids);
      if (from.equals(to)) {
        throw ControllerSettings.bad(each, "to", "leads from " + from + " to itself");
      }
      if (!seen.add(List.of(from, to))) {
        throw ControllerSettings.bad(each, "to", from + ">" + to + " is listed twice");
      }
      double capacity = within(each, "capacity-mbps", 0, 1e15);
      if (capacity == 0) {
        throw ControllerSettings.bad(each, "capacity-mbps", "is 0");
      }
      links.add(
          new Link(
              from, to, capacity, within(each, "rtt-ms", 0, 1e9), optional(each, "price-per-gib")));
    }
    return links;
  }

  private static SiteId known(Config link, String key, Set<SiteId> ids) {
    SiteId id = ControllerSettings.parsed(link, key, SiteId::new);
    if (!ids.contains(id)) {
      throw ControllerSettings.bad(link, key, "'" + id + "' is none of the sites");
    }
    return id;
  }

  /** A plan for sites that cannot reach each other is none. */
  private static void checkConnected(Config config, Network network) {
    int count = network.sites().size();
    for (int from = 0; from < count; from++) {
      for (int to = 0; to < count; to++) {
        if (!network.reaches(from, to)) {
          throw ControllerSettings.bad(
              config,
              "links",
              "no path from %s to %s; each link is one direction"
                  .formatted(network.sites().get(from).id(), network.sites().get(to).id()));
        }
      }
    }
  }

  private static double optional(Config config, String key) {
    return config.hasPath(key) ? within(config, key, 0, 1e15) : 0;
  }

  private static double within(Config config, String key, double least, double most) {
    double value = config.getDouble(key);
    if (!(value >= least && value <= most)) {
      throw ControllerSettings.bad(
          config, key, "%s is not between %.0f and %.0f".formatted(value, least, most));
    }
    return value;
  }
}
