package io.sterna.monitoring.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.linux.NetworkNamespace;
import io.sterna.monitoring.lab.CountingLab;
import io.sterna.monitoring.lab.Traffic;
import io.sterna.monitoring.lab.WireCapture;
import io.sterna.monitoring.lab.WireCapture.Pair;
import io.sterna.monitoring.lab.WireCapture.Sum;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.monitoring.report.PrefixClusters;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exporters as Debian ships them, at the port of a VM. Needs root, softflowd and pmacct. */
class FlowListenerIT {
  private static final long SEED = 20_260_802;
  private static final IpAddress ONE_V4 = IpAddress.parse("10.7.1.1");
  private static final IpAddress TWO_V4 = IpAddress.parse("10.7.1.2");
  private static final IpAddress ONE_V6 = IpAddress.parse("fd07:1::1");
  private static final IpAddress TWO_V6 = IpAddress.parse("fd07:1::2");
  private static final IpAddress HOST = IpAddress.parse("10.7.1.254");
  private static final Pair V4 = new Pair(ONE_V4, TWO_V4);
  private static final Pair V6 = new Pair(ONE_V6, TWO_V6);
  private static final List<IpPrefix> MOBILE =
      List.of(IpPrefix.parse("10.7.0.0/16"), IpPrefix.parse("fd07::/16"));
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PACKETS = 2_000;

  private final Random chance = new Random(SEED);
  private final CountingLab lab = new CountingLab();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  FlowListenerIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  @Test
  void whatSoftflowdExportsAsIpfixIsWhatArrived() throws Exception {
    NetworkNamespace one = lab.addVm(1);
    NetworkNamespace two = lab.addVm(2);
    try (FlowListener listener = listen();
        WireCapture capture = WireCapture.open(two)) {
      Process exporter =
          start(
              "softflowd",
              "-d",
              "-6",
              "-v",
              "10",
              "-t",
              "maxlife=1",
              "-t",
              "expint=1",
              "-i",
              "p1",
              "-n",
              "127.0.0.1:" + listener.address().getPort(),
              "-p",
              folder.resolve("pid").toString(),
              "-c",
              folder.resolve("control").toString());
      awaitExporting(exporter, listener, one);
      send(one);
      Map<Pair, Sum> arrived = capture.sums();
      Map<Pair, Sum> exported = await(listener, one, packets(arrived, V4) + packets(arrived, V6));
      exporter.destroy();
      assertTrue(exporter.waitFor(20, TimeUnit.SECONDS), log());
      assertEquals(arrived.get(V4), exported.get(V4), log());
      assertEquals(arrived.get(V6), exported.get(V6), log());
      assertEquals(0, listener.stats().malformed());
      assertEquals(0, listener.stats().lost());
    }
  }

  @Test
  void whatPmacctdSamplesAsSflowIsAboutWhatArrived() throws Exception {
    NetworkNamespace one = lab.addVm(1);
    NetworkNamespace two = lab.addVm(2);
    int rate = 4;
    try (FlowListener listener = listen();
        WireCapture capture = WireCapture.open(two)) {
      Path configuration = folder.resolve("pmacctd.conf");
      Files.writeString(
          configuration,
          """
          daemonize: false
          pcap_interface: p1
          plugins: sfprobe
          sampling_rate: %d
          sfprobe_receiver: 127.0.0.1:%d
          sfprobe_agentip: 127.0.0.1
          """
              .formatted(rate, listener.address().getPort()));
      Process exporter = start("pmacctd", "-f", configuration.toString());
      awaitExporting(exporter, listener, one);
      send(one);
      Map<Pair, Sum> arrived = capture.sums();
      Map<Pair, Sum> exported = await(listener, one, packets(arrived, V4) + packets(arrived, V6));
      exporter.descendants().forEach(ProcessHandle::destroy);
      exporter.destroy();
      assertTrue(exporter.waitFor(20, TimeUnit.SECONDS), log());
      for (Pair pair : List.of(V4, V6)) {
        Sum truth = arrived.getOrDefault(pair, new Sum(0, 0));
        Sum estimate = exported.getOrDefault(pair, new Sum(0, 0));
        // Of a binomial distribution; five standard deviations are chance once in two million.
        double deviation = Math.sqrt(PACKETS * (rate - 1.0));
        assertEquals(
            (double) truth.packets(), (double) estimate.packets(), 5 * deviation, pair + log());
        assertEquals(
            (double) truth.bytes(),
            (double) estimate.bytes(),
            0.25 * (double) truth.bytes(),
            pair + log());
      }
      assertEquals(0, listener.stats().malformed());
    }
  }

  private FlowListener listen() throws IOException {
    return lab.host()
        .call(
            () ->
                FlowListener.open(
                    new InetSocketAddress(LOOPBACK, 0),
                    Set.of(LOOPBACK),
                    new PrefixClusters(MOBILE, 1000),
                    100_000));
  }

  private void send(NetworkNamespace one) throws IOException {
    // Paced in lots: an exporter's capture buffer is small.
    for (int i = 0; i < 10; i++) {
      Traffic.datagrams(one, TWO_V4.toString(), PACKETS / 10, chance);
      Traffic.datagrams(one, TWO_V6.toString(), PACKETS / 10, chance);
    }
  }

  /** Sums up until as many packets are there as are expected, or nothing more comes. */
  private Map<Pair, Sum> await(FlowListener listener, NetworkNamespace one, long wanted)
      throws Exception {
    Map<Pair, Sum> all = new HashMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    long quietSince = System.nanoTime();
    while (System.nanoTime() < deadline
        && System.nanoTime() - quietSince < TimeUnit.SECONDS.toNanos(8)) {
      Map<AddressPair, Count> some = listener.rotate();
      if (some.keySet().stream().anyMatch(pair -> !pair.destination().address().equals(HOST))) {
        quietSince = System.nanoTime();
      }
      some.forEach(
          (pair, count) ->
              all.merge(
                  new Pair(pair.source().address(), pair.destination().address()),
                  new Sum(count.bytes(), count.packets()),
                  Sum::plus));
      if (packets(all, V4) + packets(all, V6) == wanted) {
        break;
      }
      // What libpcap has buffered, softflowd looks at when more comes.
      Traffic.datagrams(one, HOST.toString(), 10, chance);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return all;
  }

  private static long packets(Map<Pair, Sum> sums, Pair pair) {
    return sums.getOrDefault(pair, new Sum(0, 0)).packets();
  }

  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", lab.host().name()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /** It captures when it exports what a VM says to the host, which nobody compares. */
  private void awaitExporting(Process exporter, FlowListener listener, NetworkNamespace one)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (listener.rotate().isEmpty()) {
      assertTrue(exporter.isAlive(), "it ended: " + log());
      assertTrue(System.nanoTime() < deadline, "it exports nothing: " + log());
      Traffic.datagrams(one, HOST.toString(), 10, chance);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }
}
