package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A BGP daemon as a route reflector. It keeps nothing beyond its own life. */
public enum BgpPeer implements Peer {
  /** BIRD 2; its clients are BIRD 2 too. */
  BIRD("bird"),
  /** FRR's bgpd without zebra; its clients are bgpd with zebra. */
  FRR("frr"),
  /** GoBGP; its clients are BIRD 2, since GoBGP alone writes no kernel table. */
  GOBGP("gobgp");

  /** The daemon whose processor time counts. */
  static final String REFLECTOR = "reflector";

  private static final int ON_THEIR_WAY_SLOW = 2_000;
  private static final String FRR_PROGRAMS = "/usr/lib/frr/";
  private static final String FRR_USER = "frr";
  private static final String ZEBRA_SOCKET = "zserv.api";

  private final String peerName;

  BgpPeer(String peerName) {
    this.peerName = peerName;
  }

  @Override
  public String peerName() {
    return peerName;
  }

  @Override
  public Map<String, Object> conditions(Reach reach) {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("peer", peerName + " as route reflector");
    conditions.put("keeps", "nothing");
    conditions.put("message", "one UPDATE with one prefix");
    String client = this == FRR ? "bgpd and zebra" : "bird";
    conditions.put("receiver", reach == Reach.READ ? "reads UPDATEs and counts" : client);
    return conditions;
  }

  /** The more, the better a daemon can pack them; GoBGP would take half a minute for so many. */
  @Override
  public int onTheirWay(int vms) {
    return this == GOBGP ? Math.min(vms / 2, ON_THEIR_WAY_SLOW) : vms / 2;
  }

  @Override
  public StandingPeer stand(PeerSite site, AddressPlan plan, int receivers, Reach reach)
      throws LabException {
    return StandingBgp.stand(this, site, plan, receivers, reach);
  }

  /** Starts the reflector. */
  void startReflector(PeerSite site, PeerNetwork network, List<InetAddress> clients)
      throws LabException {
    List<String> command =
        switch (this) {
          case BIRD -> bird(site, REFLECTOR, BgpFiles.birdReflector(clients));
          case FRR -> bgpd(site, REFLECTOR, BgpFiles.frrReflector(clients), "-Z", "-n");
          case GOBGP -> goBgp(site, BgpFiles.goBgpReflector(clients));
        };
    site.start(REFLECTOR, network.hub(), command);
  }

  /** Starts a client that writes the kernel table of its namespace. */
  void startClient(PeerSite site, PeerNetwork network, int number) throws LabException {
    InetAddress own = PeerNetwork.receiver(number);
    String name = "client" + number;
    if (this == FRR) {
      String zebra = "zebra" + number;
      site.start(zebra, network.kernel(number), zebra(site, zebra, name));
      String socket = site.path(name).resolve(ZEBRA_SOCKET).toString();
      site.start(
          name,
          network.kernel(number),
          bgpd(site, name, BgpFiles.frrClient(own), "-p", "0", "-z", socket));
    } else {
      site.start(name, network.kernel(number), bird(site, name, BgpFiles.birdClient(own)));
    }
  }

  private static List<String> bird(PeerSite site, String name, String file) throws LabException {
    Path configuration = site.write(name + ".conf", file);
    String socket = site.path(name + ".ctl").toString();
    return List.of("/usr/sbin/bird", "-f", "-c", configuration.toString(), "-s", socket);
  }

  private static List<String> goBgp(PeerSite site, String file) throws LabException {
    Path configuration = site.write("gobgp.toml", file);
    return List.of(
        "/usr/bin/gobgpd", "-f", configuration.toString(), "-l", "warn", "--pprof-disable");
  }

  /** As root, so that the kernel still ends it with us: it would not after a change of user. */
  private static List<String> bgpd(PeerSite site, String name, String file, String... more)
      throws LabException {
    Path run = site.makeFolder(name);
    Path configuration = site.write(name + ".conf", file);
    List<String> command = new ArrayList<>(frr("bgpd", name, run, configuration));
    command.add("-S");
    command.addAll(List.of(more));
    return command;
  }

  /**
   * It insists on a user of its own, who can be told by nobody to end with us; a shell as the first
   * process of a process namespace can, and takes it along.
   *
   * @param client the name of the bgpd that it serves, in whose folder its socket is
   */
  private static List<String> zebra(PeerSite site, String name, String client) throws LabException {
    Path run = site.makeFolder(client);
    site.giveTo(run, FRR_USER);
    Path configuration = site.write(name + ".conf", "hostname zebra\n");
    List<String> command =
        new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child=KILL"));
    command.addAll(List.of("sh", "-c", "\"$@\" & wait", "sh"));
    command.addAll(frr("zebra", name, run, configuration));
    command.addAll(List.of("-z", run.resolve(ZEBRA_SOCKET).toString()));
    return command;
  }

  private static List<String> frr(String program, String name, Path run, Path configuration) {
    return List.of(
        FRR_PROGRAMS + program,
        "-f",
        configuration.toString(),
        "-P",
        "0",
        "-i",
        run.resolve(name + ".pid").toString(),
        "--vty_socket",
        run.toString(),
        "--log",
        "stdout",
        "--log-level",
        "warnings");
  }
}
