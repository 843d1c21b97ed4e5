package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One etcd server that syncs each write to disk before it answers, as it does by default, and
 * receivers that watch it. A change is a transaction of its own, and many are on their way at a
 * time: etcd syncs them together.
 */
public record EtcdPeer() implements Peer {
  /** The daemon whose processor time counts. */
  static final String SERVER = "etcd";

  /** Writes that are not answered: etcd refuses more when 5,000 are not applied yet. */
  static final int OUTSTANDING = 4_000;

  /** Keys of one transaction of the first table: etcd takes 128 unless told otherwise. */
  static final int FILL_KEYS = 100;

  static final InetSocketAddress ENDPOINT = new InetSocketAddress(PeerNetwork.HUB, 2379);

  private static final long QUOTA_BYTES = 8L << 30;
  private static final int KEPT_REVISIONS = 1_000;

  @Override
  public String peerName() {
    return "etcd";
  }

  @Override
  public Map<String, Object> conditions(Reach reach) {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("peer", "one etcd server");
    conditions.put("keeps", "every write, with fsync before it answers");
    conditions.put("message", "one Put over gRPC, " + OUTSTANDING + " at a time");
    String watch = "a watch over gRPC for each";
    conditions.put("receiver", reach == Reach.READ ? watch : watch + ", netlink in batches");
    return conditions;
  }

  @Override
  public int onTheirWay(int vms) {
    return vms / 2;
  }

  @Override
  public StandingPeer stand(PeerSite site, AddressPlan plan, int receivers, Reach reach)
      throws LabException {
    return StandingEtcd.stand(site, plan, receivers, reach);
  }

  /** Starts the server. */
  static void startServer(PeerSite site, PeerNetwork network) throws LabException {
    String url = "http://" + ENDPOINT.getHostString() + ":" + ENDPOINT.getPort();
    site.start(
        SERVER,
        network.hub(),
        List.of(
            "/usr/bin/etcd",
            "--data-dir",
            site.path("etcd").toString(),
            "--listen-client-urls",
            url,
            "--advertise-client-urls",
            url,
            "--listen-peer-urls",
            "http://127.0.0.1:2380",
            "--quota-backend-bytes",
            String.valueOf(QUOTA_BYTES),
            "--auto-compaction-mode",
            "revision",
            "--auto-compaction-retention",
            String.valueOf(KEPT_REVISIONS),
            "--log-level",
            "error"));
  }
}
