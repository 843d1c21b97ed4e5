package io.sterna.bench;

import io.sterna.bench.peers.BgpPeer;
import io.sterna.bench.peers.EtcdPeer;
import io.sterna.bench.peers.Peer;
import io.sterna.bench.peers.Reach;
import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Sterna beside what a user would pick instead: ours and theirs in turn, in one run. */
public final class PeerSuite {
  private static final int READERS = 8;
  private static final int RATE = 100;

  /**
   * Places that VMs move between while kernels follow: hosts of a small cloud. What a route
   * reflector can pack into one message is what waits for the same place.
   */
  private static final int LOCATIONS_KERNEL = 32;

  /** As many as {@link FollowingAgents} has: the best of the others may pack nearly everything. */
  private static final int LOCATIONS_FEW = FollowingAgents.CLAIMANTS;

  private static final Peer ETCD = new EtcdPeer();
  private static final List<Peer> ALL = List.of(BgpPeer.BIRD, BgpPeer.FRR, BgpPeer.GOBGP, ETCD);

  private PeerSuite() {}

  /** All figures, in the order in which they are measured. */
  public static List<Target> all() {
    List<Target> all = new ArrayList<>();
    all.addAll(readers());
    all.addAll(kernels(2));
    all.addAll(kernels(8));
    all.addAll(latency());
    all.add(PlanSuite.toMetis());
    return List.copyOf(all);
  }

  private static List<Target> readers() {
    List<Target> targets = new ArrayList<>();
    targets.add(own("changes-8-fes"));
    targets.add(own("cpu-per-change-8-fes"));
    for (Peer peer : List.of(BgpPeer.FRR, BgpPeer.BIRD, BgpPeer.GOBGP)) {
      targets.addAll(readers(peer));
    }
    targets.add(
        new Target(
            "changes-8-fes-to-frr",
            "changes/s of Sterna, durable, divided by those of FRR, which keeps nothing",
            "ratio",
            Optional.empty(),
            bench ->
                ratio(
                    new Named("sterna", ours(bench, CommitLogSync.PERIODIC)),
                    new Named("frr", changes(bench, BgpPeer.FRR, READERS, Reach.READ)))));
    targets.add(own("changes-8-fes-fsync"));
    targets.add(
        new Target(
            "cpu-per-change-8-fes-fsync",
            "processor time of controller and Cassandra for one of these changes",
            "us",
            Optional.empty(),
            bench -> {
              Load.Found found = Suite.atFullRate(bench, READERS, CommitLogSync.BATCH);
              double micros =
                  found.cpuMicrosPerChange("controller") + found.cpuMicrosPerChange("cassandra");
              return new Reading(micros, found.conditions());
            }));
    targets.addAll(readers(ETCD));
    targets.add(
        new Target(
            "changes-8-fes-fsync-to-etcd",
            "changes/s of Sterna with fsync divided by those of etcd",
            "ratio",
            Optional.of(Bar.atLeast(4)),
            bench ->
                ratio(
                    new Named("sterna", ours(bench, CommitLogSync.BATCH)),
                    new Named("etcd", changes(bench, ETCD, READERS, Reach.READ)))));
    return targets;
  }

  private static List<Target> readers(Peer peer) {
    String name = peer.peerName();
    return List.of(
        new Target(
            "changes-8-" + name,
            "changes through " + name + ", 8 receivers that only read",
            "changes/s",
            Optional.empty(),
            bench -> changes(bench, peer, READERS, Reach.READ)),
        new Target(
            "cpu-per-change-8-" + name,
            "processor time of " + name + " for one of these changes",
            "us",
            Optional.empty(),
            bench -> {
              PeerRun.Found found = atFullRate(bench, peer, READERS, Reach.READ);
              return new Reading(found.throughput().controlMicrosPerChange(), found.conditions());
            }));
  }

  private static List<Target> kernels(int receivers) {
    List<Target> targets = new ArrayList<>();
    Target ours = own("changes-%d-agents".formatted(receivers));
    targets.add(ours);
    for (Peer peer : ALL) {
      targets.add(
          new Target(
              "changes-%d-agents-%s".formatted(receivers, peer.peerName()),
              "changes through %s that each of %d clients writes into a kernel table"
                  .formatted(peer.peerName(), receivers),
              "changes/s",
              Optional.empty(),
              bench -> changes(bench, peer, receivers, Reach.KERNEL)));
    }
    targets.add(
        new Target(
            "changes-%d-agents-bird-%d-places".formatted(receivers, LOCATIONS_FEW),
            "the same through bird if all VMs move between %d places".formatted(LOCATIONS_FEW),
            "changes/s",
            Optional.empty(),
            bench -> birdWithFewPlaces(bench, receivers)));
    targets.add(
        new Target(
            "changes-%d-agents-to-best".formatted(receivers),
            "these changes/s of Sterna divided by those of the best of the others",
            "ratio",
            Optional.of(Bar.atLeast(1)),
            bench -> ratio(new Named("sterna", ours.read(bench)), best(bench, receivers))));
    return targets;
  }

  private static List<Target> latency() {
    List<Target> targets = new ArrayList<>();
    for (int percentile : new int[] {50, 99}) {
      targets.add(own("latency-%d-p%d".formatted(RATE, percentile)));
    }
    for (Peer peer : List.of(ETCD, BgpPeer.BIRD)) {
      for (int percentile : new int[] {50, 99}) {
        targets.add(
            new Target(
                "latency-%d-%s-p%d".formatted(RATE, peer.peerName(), percentile),
                "%s: from due to read by the last of 8 receivers, at %d changes/s"
                    .formatted(peer.peerName(), RATE),
                "ms",
                Optional.empty(),
                bench -> {
                  PeerRun.Found found = atRate(bench, peer);
                  double ms = found.latency().percentileMs(percentile);
                  return new Reading(ms, found.conditions());
                }));
      }
    }
    return targets;
  }

  /** A figure that is measured without peers as well. */
  private static Target own(String name) {
    return Suite.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private static Reading ours(Bench bench, CommitLogSync sync) throws LabException {
    Load.Found found = Suite.atFullRate(bench, READERS, sync);
    return new Reading(found.perSecondAtAll(), found.conditions());
  }

  private static Reading changes(Bench bench, Peer peer, int receivers, Reach reach)
      throws LabException {
    return reading(atFullRate(bench, peer, receivers, reach));
  }

  private static Reading reading(PeerRun.Found found) {
    return new Reading(found.throughput().changesPerSecond(), found.conditions());
  }

  private static Reading birdWithFewPlaces(Bench bench, int receivers) throws LabException {
    return reading(
        bench.once(
            new PeerRun(
                BgpPeer.BIRD, receivers, LOCATIONS_FEW, Reach.KERNEL, OptionalInt.empty())));
  }

  private static PeerRun.Found atFullRate(Bench bench, Peer peer, int receivers, Reach reach)
      throws LabException {
    int locations = reach == Reach.READ ? receivers : LOCATIONS_KERNEL;
    return bench.once(new PeerRun(peer, receivers, locations, reach, OptionalInt.empty()));
  }

  private static PeerRun.Found atRate(Bench bench, Peer peer) throws LabException {
    return bench.once(new PeerRun(peer, READERS, READERS, Reach.READ, OptionalInt.of(RATE)));
  }

  private record Named(String name, Reading reading) {}

  private static Named best(Bench bench, int receivers) throws LabException {
    List<Named> others = new ArrayList<>();
    for (Peer peer : ALL) {
      others.add(new Named(peer.peerName(), changes(bench, peer, receivers, Reach.KERNEL)));
    }
    String few = "%s_%d_places".formatted(BgpPeer.BIRD.peerName(), LOCATIONS_FEW);
    others.add(new Named(few, birdWithFewPlaces(bench, receivers)));
    return best(others);
  }

  private static Named best(List<Named> others) {
    Named best = others.get(0);
    for (Named other : others) {
      if (other.reading().value() > best.reading().value()) {
        best = other;
      }
    }
    return best;
  }

  private static Reading ratio(Named ours, Named theirs) {
    Map<String, Object> conditions = new LinkedHashMap<>();
    for (Named each : List.of(ours, theirs)) {
      conditions.put("changes_per_second_" + each.name(), Figure.rounded(each.reading().value()));
    }
    Map<String, Object> all = new LinkedHashMap<>(ours.reading().conditions());
    all.putAll(conditions);
    all.put("conditions_" + theirs.name(), theirs.reading().conditions());
    return new Reading(ours.reading().value() / theirs.reading().value(), all);
  }
}
