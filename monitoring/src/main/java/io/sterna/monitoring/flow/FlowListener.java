package io.sterna.monitoring.flow;

import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.monitoring.report.PrefixClusters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to exporters of IPFIX or sFlow, told apart by the first bytes of each datagram.
 *
 * <p>Only named exporters are heard: UDP proves nothing, so keep this port on a network that VMs do
 * not reach. What several exporters say is added up: configure them so that each packet is exported
 * once, for instance on ingress at the ports of VMs.
 *
 * <p>Thread-safe.
 */
public final class FlowListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlowListener.class);
  private static final int DATAGRAM_BYTES = 65_535;
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
  private static final int IPFIX_VERSION = 10;

  private final DatagramChannel channel;
  private final Set<InetAddress> exporters;
  private final int pairsMax;
  private final Map<InetAddress, Exporter> decoders = new HashMap<>();
  private final Thread thread;
  private Map<AddressPair, Count> counted = new HashMap<>();
  private PrefixClusters clusters;
  private Stats stats = new Stats(0, 0, 0, 0, 0);

  private static final class Exporter {
    final IpfixDecoder ipfix = new IpfixDecoder();
    final SflowDecoder sflow = new SflowDecoder();
  }

  /**
   * What came in since the beginning.
   *
   * @param messages understood
   * @param malformed not understood
   * @param refused from others than the exporters
   * @param lost messages or records that never arrived, as far as sequence numbers show
   * @param unusable records that say nothing of pairs
   */
  public record Stats(long messages, long malformed, long refused, long lost, long unusable) {}

  private FlowListener(
      DatagramChannel channel, Set<InetAddress> exporters, PrefixClusters clusters, int pairsMax) {
    this.channel = channel;
    this.exporters = Set.copyOf(exporters);
    this.clusters = clusters;
    this.pairsMax = pairsMax;
    this.thread = new Thread(this::listen, "flow-listener");
  }

  /**
   * Begins to listen.
   *
   * @param address where; port 0 picks one
   * @param exporters who is heard
   * @param clusters of the listener alone from now on
   * @param pairsMax how many pairs are told apart between two calls of {@link #rotate}
   * @throws IOException if the address cannot be had
   */
  public static FlowListener open(
      InetSocketAddress address, Set<InetAddress> exporters, PrefixClusters clusters, int pairsMax)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    FlowListener listener = new FlowListener(channel, exporters, clusters, pairsMax);
    listener.thread.setDaemon(true);
    listener.thread.start();
    return listener;
  }

  /** Where it listens. */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /**
   * Other addresses are VMs from now on; what was exported before stays as it was counted.
   *
   * @param others of the listener alone from now on
   */
  public synchronized void mobile(PrefixClusters others) {
    clusters = others;
  }

  /** What was exported since the last call. */
  public synchronized Map<AddressPair, Count> rotate() {
    Map<AddressPair, Count> ended = counted;
    counted = new HashMap<>();
    clusters.endInterval();
    return ended;
  }

  /** What came in so far. */
  public synchronized Stats stats() {
    return stats;
  }

  private void listen() {
    ByteBuffer datagram = ByteBuffer.allocate(DATAGRAM_BYTES);
    while (true) {
      try {
        datagram.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(datagram);
        datagram.flip();
        if (from != null) {
          take(from.getAddress(), datagram);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("Exported flows cannot be received: {}", e.getMessage());
        return;
      }
    }
  }

  private synchronized void take(InetAddress from, ByteBuffer datagram) {
    if (!exporters.contains(from)) {
      stats = add(0, 0, 1, 0, 0);
      return;
    }
    Exporter exporter = decoders.computeIfAbsent(from, each -> new Exporter());
    try {
      boolean ipfix = datagram.remaining() >= 2 && datagram.getShort(0) == IPFIX_VERSION;
      Exported exported = ipfix ? exporter.ipfix.decode(datagram) : exporter.sflow.decode(datagram);
      exported.flows().forEach(this::count);
      stats = add(1, 0, 0, exported.lost(), exported.unusable());
    } catch (MalformedExportException e) {
      stats = add(0, 1, 0, 0, 0);
      LOG.debug("A datagram of exporter {}: {}", from, e.getMessage());
    }
  }

  private void count(FlowRecord flow) {
    AddressPair pair =
        new AddressPair(
            clusters.of(flow.source(), flow.bytes()),
            clusters.of(flow.destination(), flow.bytes()));
    boolean fits = counted.size() < pairsMax || counted.containsKey(pair);
    counted.merge(fits ? pair : pair.rest(), new Count(flow.bytes(), flow.packets()), Count::plus);
  }

  private Stats add(long messages, long malformed, long refused, long lost, long unusable) {
    return new Stats(
        stats.messages() + messages,
        stats.malformed() + malformed,
        stats.refused() + refused,
        stats.lost() + lost,
        stats.unusable() + unusable);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
