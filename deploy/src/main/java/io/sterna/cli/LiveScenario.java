package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The network as the controllers know it at this moment.
 *
 * @param scenario what can be planned for
 * @param recordedMbps the traffic in it
 * @param leftOutMbps traffic that is not: of addresses that are bound nowhere, of pairs that were
 *     not told apart, and of clients among themselves
 */
record LiveScenario(Scenario scenario, double recordedMbps, double leftOutMbps) {
  /**
   * Asks the API.
   *
   * @param memoryMib of each VM
   * @throws OperationFailedException if it does not answer, or no scenario can be made of what it
   *     says
   */
  static LiveScenario ask(ApiClient client, long memoryMib) throws OperationFailedException {
    JsonNode network = client.network();
    JsonNode bindings = client.bindings(Map.of()).path("bindings");
    JsonNode endpoints = client.traffic("endpoints", Map.of()).path("endpoints");
    JsonNode pairs = client.traffic("pairs", Map.of()).path("pairs");
    JsonNode links = client.traffic("links", Map.of());
    return of(network, bindings, endpoints, pairs, links, memoryMib);
  }

  static LiveScenario of(
      JsonNode network,
      JsonNode bindings,
      JsonNode endpoints,
      JsonNode pairs,
      JsonNode links,
      long memoryMib)
      throws OperationFailedException {
    try {
      Recording recording = new Recording(Scenario.builder(network(network)));
      recording.vms(bindings, memoryMib);
      recording.clients(endpoints);
      recording.flows(pairs);
      double unlisted = links.path("unlisted").path("mbps").asDouble();
      return new LiveScenario(
          recording.builder.build(), recording.recordedMbps, recording.leftOutMbps + unlisted);
    } catch (OverfullException | IllegalArgumentException e) {
      throw new OperationFailedException("no scenario of this network: " + e.getMessage(), e);
    }
  }

  private static Network network(JsonNode network) {
    List<Site> sites = new ArrayList<>();
    for (JsonNode each : network.path("sites")) {
      JsonNode memory = each.path("memoryCapacityMib");
      sites.add(
          new Site(
              new SiteId(each.path("id").asText()),
              each.path("latitude").asDouble(),
              each.path("longitude").asDouble(),
              each.path("vmCapacity").asInt(),
              memory.isNumber() ? memory.asLong() : Site.ANY_MEMORY,
              each.path("pricePerVmHour").asDouble()));
    }
    List<Link> links = new ArrayList<>();
    for (JsonNode each : network.path("links")) {
      links.add(
          new Link(
              new SiteId(each.path("from").asText()),
              new SiteId(each.path("to").asText()),
              each.path("capacityMbps").asDouble(),
              each.path("rttMs").asDouble(),
              each.path("pricePerGib").asDouble()));
    }
    return new Network(sites, links);
  }

  private static final class Recording {
    final Scenario.Builder builder;
    final Map<String, Integer> numbers = new HashMap<>();
    double recordedMbps;
    double leftOutMbps;

    Recording(Scenario.Builder builder) {
      this.builder = builder;
    }

    /** Addresses at one element with one MAC are one VM, known by the first of them. */
    void vms(JsonNode bindings, long memoryMib) {
      List<JsonNode> ordered = new ArrayList<>();
      bindings.forEach(ordered::add);
      ordered.sort(
          Comparator.comparing((JsonNode each) -> address(each).bitLength())
              .thenComparing(Recording::address));
      Map<String, List<JsonNode>> ports = new LinkedHashMap<>();
      for (JsonNode each : ordered) {
        String port = each.path("fe").asText() + " " + each.path("mac").asText();
        ports.computeIfAbsent(port, p -> new ArrayList<>()).add(each);
      }
      for (List<JsonNode> vm : ports.values()) {
        int number = builder.add(vm(vm, memoryMib));
        vm.forEach(each -> numbers.put(address(each).toString(), number));
      }
    }

    private static IpAddress address(JsonNode binding) {
      return IpAddress.parse(binding.path("address").asText());
    }

    private static Endpoint.Vm vm(List<JsonNode> bindings, long memoryMib) {
      JsonNode first = bindings.get(0);
      SiteId site = new SiteId(first.path("site").asText());
      return new Endpoint.Vm(
          address(first),
          site,
          memoryMib,
          0,
          bindings.stream().allMatch(each -> each.path("state").asText("active").equals("active")),
          Optional.empty(),
          allowedSites(bindings, site));
    }

    /** Where all of its addresses may be; nowhere else than here if that is nowhere. */
    private static Set<SiteId> allowedSites(List<JsonNode> bindings, SiteId here) {
      Set<SiteId> allowed = Set.of();
      for (JsonNode each : bindings) {
        Set<SiteId> sites = allowedSites(each);
        if (allowed.isEmpty()) {
          allowed = sites;
        } else if (!sites.isEmpty()) {
          allowed.retainAll(sites);
          if (allowed.isEmpty()) {
            return Set.of(here);
          }
        }
      }
      return allowed;
    }

    private static Set<SiteId> allowedSites(JsonNode binding) {
      Set<SiteId> sites = new HashSet<>();
      binding.path("allowedSites").forEach(site -> sites.add(new SiteId(site.asText())));
      return sites;
    }

    void clients(JsonNode endpoints) {
      for (JsonNode each : endpoints) {
        String name = each.path("endpoint").asText();
        String site = each.path("site").asText();
        if (name.contains("/") && !site.isEmpty()) {
          IpPrefix prefix = IpPrefix.parse(name);
          if (prefix.length() > 0 && !prefix.isOnEveryLink()) {
            numbers.put(
                prefix.toString(), builder.add(new Endpoint.Clients(prefix, new SiteId(site))));
          }
        }
      }
    }

    void flows(JsonNode pairs) {
      for (JsonNode each : pairs) {
        String from = each.path("source").asText();
        String to = each.path("destination").asText();
        double mbps = each.path("mbps").asDouble();
        Integer source = numbers.get(from);
        Integer destination = numbers.get(to);
        boolean hasVm = !from.contains("/") || !to.contains("/");
        if (source == null || destination == null || source.equals(destination) || !hasVm) {
          leftOutMbps += mbps;
        } else {
          builder.flow(source, destination, mbps);
          recordedMbps += mbps;
        }
      }
    }
  }
}
