package io.sterna.bench.peers;

import io.sterna.bench.peers.etcd.EtcdClient;
import io.sterna.lab.LabException;
import io.sterna.lab.kernel.HostRouteWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An etcd server with one source and its watching receivers. */
final class StandingEtcd implements StandingPeer {
  private static final Duration WATCH_BOUND = Duration.ofSeconds(30);

  private final PeerSite site;
  private final PeerNetwork network;
  private final AddressPlan plan;
  private final FirstFailure failure = new FirstFailure();
  private final List<EtcdClient> clients = new ArrayList<>();
  private final List<HostRouteWriter> writers = new ArrayList<>();
  private final List<Tally> tallies = new ArrayList<>();
  private @Nullable KernelTallies kernels;
  private @Nullable EtcdSource source;
  private volatile boolean closing;

  private StandingEtcd(PeerSite site, PeerNetwork network, AddressPlan plan) {
    this.site = site;
    this.network = network;
    this.plan = plan;
  }

  static StandingEtcd stand(PeerSite site, AddressPlan plan, int receivers, Reach reach)
      throws LabException {
    PeerNetwork network = PeerNetwork.make(0, reach == Reach.KERNEL ? receivers : 0);
    StandingEtcd standing = new StandingEtcd(site, network, plan);
    try {
      standing.start(receivers, reach);
      return standing;
    } catch (IOException e) {
      standing.close();
      throw new LabException("etcd does not come up: " + e.getMessage(), e);
    } catch (LabException | RuntimeException e) {
      standing.close();
      throw e;
    }
  }

  private void start(int receivers, Reach reach) throws LabException, IOException {
    EtcdPeer.startServer(site, network);
    if (reach == Reach.KERNEL) {
      kernels = KernelTallies.open(network::kernel, plan, receivers);
      tallies.addAll(kernels.tallies());
    }
    for (int i = 0; i < receivers; i++) {
      EtcdReceiver.Routes routes = reach == Reach.KERNEL ? kernelRoutes(i) : readRoutes();
      EtcdClient client = connect("receiver-" + i);
      client.watch(EtcdSource.PREFIX, new EtcdReceiver(routes, failure));
      client.awaitWatch(WATCH_BOUND);
    }
    source = new EtcdSource(plan, connect("source"), failure);
  }

  private EtcdReceiver.Routes readRoutes() {
    Tally tally = new Tally(plan, 1);
    tallies.add(tally);
    return new EtcdReceiver.Routes() {
      @Override
      public void heard(int host, int nextHop, long nanos) {
        tally.heard(host, nextHop, nanos);
      }

      @Override
      public void complete() {}
    };
  }

  private EtcdReceiver.Routes kernelRoutes(int number) throws IOException {
    HostRouteWriter writer = HostRouteWriter.open(network.kernel(number), PeerNetwork.LINK);
    writers.add(writer);
    return new EtcdReceiver.Routes() {
      @Override
      public void heard(int host, int nextHop, long nanos) throws IOException {
        writer.put(host, nextHop);
      }

      @Override
      public void complete() throws IOException {
        writer.write();
      }
    };
  }

  private EtcdClient connect(String name) throws LabException {
    EtcdClient client =
        site.untilReady(() -> EtcdClient.connect(network.users(), EtcdPeer.ENDPOINT));
    clients.add(client);
    Thread receiver = new Thread(() -> receive(client, name), "etcd-" + name);
    receiver.setDaemon(true);
    receiver.start();
    return client;
  }

  private void receive(EtcdClient client, String name) {
    try {
      client.receive();
    } catch (IOException e) {
      if (!closing) {
        failure.report("etcd's " + name + " ended: " + e.getMessage());
      }
    }
  }

  @Override
  public Source source() {
    if (source == null) {
      throw new IllegalStateException("not started");
    }
    return source;
  }

  @Override
  public List<Tally> tallies() {
    return tallies;
  }

  @Override
  public double controlCpuSeconds() throws LabException {
    return site.cpuSeconds(EtcdPeer.SERVER);
  }

  @Override
  public void check() throws LabException {
    site.checkRunning();
    failure.check();
    if (kernels != null) {
      kernels.check();
    }
  }

  @Override
  public void close() throws LabException {
    closing = true;
    for (EtcdClient client : clients) {
      try {
        client.close();
      } catch (IOException e) {
        failure.report("a connection does not close: " + e.getMessage());
      }
    }
    if (kernels != null) {
      kernels.close();
    }
    writers.forEach(HostRouteWriter::close);
    Closing.all(site, network);
  }
}
