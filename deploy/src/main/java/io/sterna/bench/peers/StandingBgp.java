package io.sterna.bench.peers;

import io.sterna.bench.peers.bgp.BgpSession;
import io.sterna.bench.peers.bgp.HostRoutes;
import io.sterna.lab.LabException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A route reflector with one source and its receivers. */
final class StandingBgp implements StandingPeer {
  private final PeerSite site;
  private final PeerNetwork network;
  private final AddressPlan plan;
  private final FirstFailure failure = new FirstFailure();
  private final List<BgpSession> sessions = new ArrayList<>();
  private final List<Tally> tallies = new ArrayList<>();
  private @Nullable KernelTallies kernels;
  private @Nullable BgpSource source;
  private volatile boolean closing;

  private StandingBgp(PeerSite site, PeerNetwork network, AddressPlan plan) {
    this.site = site;
    this.network = network;
    this.plan = plan;
  }

  static StandingBgp stand(
      BgpPeer peer, PeerSite site, AddressPlan plan, int receivers, Reach reach)
      throws LabException {
    boolean kernel = reach == Reach.KERNEL;
    PeerNetwork network = PeerNetwork.make(kernel ? 0 : receivers, kernel ? receivers : 0);
    StandingBgp standing = new StandingBgp(site, network, plan);
    try {
      standing.start(peer, receivers, reach);
      return standing;
    } catch (LabException | RuntimeException e) {
      standing.close();
      throw e;
    }
  }

  private void start(BgpPeer peer, int receivers, Reach reach) throws LabException {
    List<InetAddress> clients = new ArrayList<>(List.of(PeerNetwork.SOURCE));
    IntStream.range(0, receivers).mapToObj(PeerNetwork::receiver).forEach(clients::add);
    peer.startReflector(site, network, clients);
    BgpSession toSource = open(PeerNetwork.SOURCE, (host, nextHop, nanos) -> {});
    if (reach == Reach.KERNEL) {
      kernels = KernelTallies.open(network::kernel, plan, receivers);
      tallies.addAll(kernels.tallies());
    }
    for (int i = 0; i < receivers; i++) {
      if (reach == Reach.KERNEL) {
        peer.startClient(site, network, i);
      } else {
        Tally tally = new Tally(plan, 1);
        tallies.add(tally);
        open(PeerNetwork.receiver(i), tally::heard);
      }
    }
    source = new BgpSource(plan, toSource);
  }

  private BgpSession open(InetAddress local, HostRoutes routes) throws LabException {
    BgpSession.Ends ends =
        new BgpSession.Ends(network.users(), local, PeerNetwork.HUB, BgpFiles.AS);
    BgpSession session = site.untilReady(() -> BgpSession.open(ends));
    sessions.add(session);
    Thread reader = new Thread(() -> receive(session, routes), "bgp-" + local.getHostAddress());
    reader.setDaemon(true);
    reader.start();
    return session;
  }

  private void receive(BgpSession session, HostRoutes routes) {
    try {
      session.receive(routes);
    } catch (IOException e) {
      if (!closing) {
        failure.report("a BGP session ended: " + e.getMessage());
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
    return site.cpuSeconds(BgpPeer.REFLECTOR);
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
    for (BgpSession session : sessions) {
      try {
        session.close();
      } catch (IOException e) {
        failure.report("a connection does not close: " + e.getMessage());
      }
    }
    if (kernels != null) {
      kernels.close();
    }
    Closing.all(site, network);
  }
}
