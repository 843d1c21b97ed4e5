package io.sterna.benches.planning;

import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What a user would take instead: {@code gpmetis} partitions the same graph into as many parts as
 * there are sites, with the same spare room, and the parts are put on the sites in the best order
 * that is found by exchanging two of them. It knows nothing of links: all cuts cost it the same.
 */
final class Metis {
  private static final int ORDERS = 50;
  private static final double UNITS_PER_MBPS = 1e4;

  private Metis() {}

  /** Its cost. Nothing of the scenario may be pinned, for METIS cannot keep it where it is. */
  static double cost(Scenario scenario, int sparePerMille, long seed)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sterna-metis-");
    try {
      Path graph = folder.resolve("graph");
      write(scenario, graph);
      int sites = scenario.network().sites().size();
      List<String> command =
          List.of(
              "gpmetis",
              "-seed=" + seed,
              "-ufactor=" + sparePerMille,
              "-ncuts=10",
              graph.toString(),
              String.valueOf(sites));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out").toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("gpmetis: " + Files.readString(folder.resolve("out")));
      }
      int[] part =
          Files.readAllLines(folder.resolve("graph.part." + sites)).stream()
              .mapToInt(line -> Integer.parseInt(line.strip()))
              .toArray();
      return best(scenario, part, seed);
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
    }
  }

  private static void write(Scenario scenario, Path file) throws IOException {
    Map<Pairs.Pair, Pairs.Rates> pairs = Pairs.of(scenario);
    List<StringBuilder> rows = new ArrayList<>();
    for (int v = 0; v < scenario.endpoints().size(); v++) {
      rows.add(new StringBuilder());
    }
    pairs.forEach(
        (pair, rates) -> {
          long weight = Math.max(1, Math.round((rates.there() + rates.back()) * UNITS_PER_MBPS));
          rows.get(pair.one()).append(pair.other() + 1).append(' ').append(weight).append(' ');
          rows.get(pair.other()).append(pair.one() + 1).append(' ').append(weight).append(' ');
        });
    try (PrintWriter out =
        new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.US_ASCII))) {
      out.println(rows.size() + " " + pairs.size() + " 001");
      rows.forEach(out::println);
    }
  }

  private static double best(Scenario scenario, int[] part, long seed) {
    int sites = scenario.network().sites().size();
    double[] costs = Pairs.costs(scenario.network());
    double[] between = new double[sites * sites];
    for (int flow = 0; flow < scenario.flows(); flow++) {
      int from = part[scenario.source(flow)];
      between[from * sites + part[scenario.destination(flow)]] += scenario.rateMbps(flow);
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] best = new int[sites];
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ORDERS; i++) {
      int[] order = shuffled(sites, random);
      double cost = improve(order, between, costs);
      if (cost < least) {
        least = cost;
        best = order;
      }
    }
    int[] site = new int[part.length];
    for (int v = 0; v < part.length; v++) {
      site[v] = best[part[v]];
    }
    return Costs.of(scenario, site).linkLoad();
  }

  private static int[] shuffled(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static double improve(int[] order, double[] between, double[] costs) {
    double cost = cost(order, between, costs);
    boolean better = true;
    while (better) {
      better = false;
      for (int a = 0; a < order.length; a++) {
        for (int b = 0; b < a; b++) {
          exchange(order, a, b);
          double other = cost(order, between, costs);
          if (other < cost - 1e-12) {
            cost = other;
            better = true;
          } else {
            exchange(order, a, b);
          }
        }
      }
    }
    return cost;
  }

  private static void exchange(int[] order, int a, int b) {
    int kept = order[a];
    order[a] = order[b];
    order[b] = kept;
  }

  private static double cost(int[] order, double[] between, double[] costs) {
    int sites = order.length;
    double cost = 0;
    for (int pair = 0; pair < between.length; pair++) {
      cost += between[pair] * costs[order[pair / sites] * sites + order[pair % sites]];
    }
    return cost;
  }
}
