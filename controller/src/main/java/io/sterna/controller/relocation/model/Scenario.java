package io.sterna.controller.relocation.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network with all that lives in it, at one moment. Endpoints and flows are numbered in the order
 * in which they were added; flows lie in plain arrays, for there are millions of them.
 */
public final class Scenario {
  private final Network network;
  private final List<Endpoint> endpoints;
  private final int[] sites;
  private final int[] sources;
  private final int[] destinations;
  private final double[] ratesMbps;

  private Scenario(
      Network network,
      List<Endpoint> endpoints,
      int[] sources,
      int[] destinations,
      double[] ratesMbps) {
    this.network = network;
    this.endpoints = List.copyOf(endpoints);
    sites = endpoints.stream().mapToInt(each -> network.number(each.site())).toArray();
    this.sources = sources;
    this.destinations = destinations;
    this.ratesMbps = ratesMbps;
  }

  /** Nothing lives there yet. */
  public static Builder builder(Network network) {
    return new Builder(network);
  }

  /** Sites and links. */
  public Network network() {
    return network;
  }

  /** In the order of their numbers. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /** The number of the site where an endpoint is. */
  public int site(int endpoint) {
    return sites[endpoint];
  }

  /** How many VMs may be moved. */
  public int movable() {
    int movable = 0;
    for (Endpoint each : endpoints) {
      movable += each instanceof Endpoint.Vm vm && vm.movable() ? 1 : 0;
    }
    return movable;
  }

  /** How many flows there are. */
  public int flows() {
    return sources.length;
  }

  /** The number of the endpoint that a flow comes from. */
  public int source(int flow) {
    return sources[flow];
  }

  /** The number of the endpoint that a flow goes to. */
  public int destination(int flow) {
    return destinations[flow];
  }

  /** What a flow carries. */
  public double rateMbps(int flow) {
    return ratesMbps[flow];
  }

  /**
   * The same traffic between the same endpoints, about which something else is said: where they
   * are, or what may be done with them.
   *
   * @param others as many, in the order of their numbers
   * @throws IllegalArgumentException if there are more or fewer, or one is at no site of the
   *     network
   */
  public Scenario withEndpoints(List<Endpoint> others) {
    if (others.size() != endpoints.size()) {
      throw new IllegalArgumentException(others.size() + " are not " + endpoints.size());
    }
    return new Scenario(network, others, sources, destinations, ratesMbps);
  }

  /** Collects what lives in a network. Not thread-safe. */
  public static final class Builder {
    private static final int FLOWS_AT_FIRST = 1024;

    private final Network network;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private int[] sources = new int[FLOWS_AT_FIRST];
    private int[] destinations = new int[FLOWS_AT_FIRST];
    private double[] ratesMbps = new double[FLOWS_AT_FIRST];
    private int flows;

    private Builder(Network network) {
      this.network = network;
    }

    /**
     * Adds an endpoint.
     *
     * @return its number
     * @throws IllegalArgumentException if it names a site that is not there
     */
    public int add(Endpoint endpoint) {
      network.number(endpoint.site());
      if (endpoint instanceof Endpoint.Vm vm) {
        vm.allowedSites().forEach(network::number);
      }
      endpoints.add(endpoint);
      return endpoints.size() - 1;
    }

    /**
     * Adds what one endpoint sends to another; a pair may be added several times.
     *
     * @throws IllegalArgumentException if that cannot be: an unknown endpoint, one that talks to
     *     itself, no rate, no path
     */
    public Builder flow(int source, int destination, double mbps) {
      if (source == destination) {
        throw new IllegalArgumentException(endpoints.get(source) + " sends to itself");
      }
      Numbers.notNegative("mbps", mbps);
      int from = network.number(endpoints.get(source).site());
      int to = network.number(endpoints.get(destination).site());
      if (!network.reaches(from, to)) {
        throw new IllegalArgumentException(
            "no path from %s to %s"
                .formatted(endpoints.get(source).site(), endpoints.get(destination).site()));
      }
      if (flows == sources.length) {
        sources = Arrays.copyOf(sources, 2 * flows);
        destinations = Arrays.copyOf(destinations, 2 * flows);
        ratesMbps = Arrays.copyOf(ratesMbps, 2 * flows);
      }
      sources[flows] = source;
      destinations[flows] = destination;
      ratesMbps[flows++] = mbps;
      return this;
    }

    /**
     * All that was added.
     *
     * @throws OverfullException if some site has more than fits
     */
    public Scenario build() throws OverfullException {
      Scenario scenario =
          new Scenario(
              network,
              endpoints,
              Arrays.copyOf(sources, flows),
              Arrays.copyOf(destinations, flows),
              Arrays.copyOf(ratesMbps, flows));
      OverfullException.check(scenario);
      return scenario;
    }
  }
}
