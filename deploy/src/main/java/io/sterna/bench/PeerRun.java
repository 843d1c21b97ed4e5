package io.sterna.bench;

import io.sterna.bench.peers.AddressPlan;
import io.sterna.bench.peers.ClosedLoop;
import io.sterna.bench.peers.Peer;
import io.sterna.bench.peers.PeerSite;
import io.sterna.bench.peers.Reach;
import io.sterna.bench.peers.StandingPeer;
import io.sterna.lab.LabException;
import io.sterna.loadgen.measure.Latency;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A peer carries changes to its receivers: as many as its slowest follows, or at a rate.
 *
 * @param peer which
 * @param receivers how many
 * @param locations places that an address moves between
 * @param reach how far changes go
 * @param rate changes per second; empty for as many as possible
 */
record PeerRun(Peer peer, int receivers, int locations, Reach reach, OptionalInt rate)
    implements Experiment<PeerRun.Found> {
  /**
   * What a run found.
   *
   * @param throughput as many as possible; before a rate, of the warm-up
   * @param latency from due to heard by the last receiver; nothing is recorded without a rate
   * @param conditions under which
   */
  record Found(ClosedLoop.Throughput throughput, Latency latency, Map<String, Object> conditions) {}

  @Override
  public Found run(Bench bench) throws LabException {
    BenchSettings settings = bench.settings();
    AddressPlan plan = new AddressPlan(settings.vms(), locations);
    bench
        .progress()
        .say("%s carries changes to %d receivers".formatted(peer.peerName(), receivers));
    PeerSite site = new PeerSite(settings.folder());
    try (StandingPeer standing = peer.stand(site, plan, receivers, reach)) {
      int window = peer.onTheirWay(settings.vms());
      ClosedLoop loop = new ClosedLoop(plan, standing, window);
      loop.fill();
      Map<String, Object> conditions = conditions(bench);
      if (rate.isPresent()) {
        ClosedLoop.Throughput warm = loop.run(Duration.ZERO, settings.warmUp());
        // As long as Sterna's: what is left of the warm-up is not measured.
        loop.runAt(rate.getAsInt(), settings.settle());
        Latency latency = loop.runAt(rate.getAsInt(), settings.duration());
        conditions.put("settle_seconds", settings.settle().toSeconds());
        conditions.put("changes_per_second", rate.getAsInt());
        conditions.put("changes", latency.count());
        return new Found(warm, latency, conditions);
      }
      ClosedLoop.Throughput found = loop.run(settings.warmUp(), settings.duration());
      conditions.put("changes_on_their_way", window);
      conditions.put("seconds", Figure.rounded(found.seconds()));
      conditions.put("changes_per_second", Figure.rounded(found.changesPerSecond()));
      conditions.put("cpu_us_per_change_control", Figure.rounded(found.controlMicrosPerChange()));
      return new Found(found, new Latency(), conditions);
    }
  }

  private Map<String, Object> conditions(Bench bench) {
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(peer.conditions(reach));
    conditions.put("receivers", receivers);
    conditions.put("locations", locations);
    conditions.put("vms", bench.settings().vms());
    conditions.put("warm_up_seconds", bench.settings().warmUp().toSeconds());
    return conditions;
  }
}
