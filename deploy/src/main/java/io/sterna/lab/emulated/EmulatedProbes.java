package io.sterna.lab.emulated;

import io.sterna.lab.probe.FlowLog;
import io.sterna.lab.probe.Pacer;
import io.sterna.lab.probe.ProbeFlow;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.probe.ProbeStream;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The same probes as through a kernel, over the emulated way. */
final class EmulatedProbes implements ProbeSession {
  private final Pacer pacer;
  private final List<FlowLog> flows;
  private final List<Stream> streams;

  private EmulatedProbes(Pacer pacer, List<FlowLog> flows, List<Stream> streams) {
    this.pacer = pacer;
    this.flows = List.copyOf(flows);
    this.streams = List.copyOf(streams);
  }

  /**
   * Starts to send from the client outside and from the other VM.
   *
   * @param clientEntry the site to which the client's packets go
   */
  static EmulatedProbes start(EmulatedSites sites, Site clientEntry, Vm target, Vm peer) {
    List<ProbeFlow> all = new ArrayList<>();
    List<FlowLog> logs = new ArrayList<>();
    List<Stream> streams = new ArrayList<>();
    for (IpAddress address : target.addresses()) {
      BooleanSupplier toTarget = () -> sites.delivers(clientEntry, address);
      // The client is no VM: an answer needs only that the VM is plugged in.
      BooleanSupplier toClient = () -> sites.siteOf(target).isPresent();
      add("client to " + address, new Way(toTarget, toClient), all, logs, streams);
    }
    for (int i = 0; i < target.addresses().size(); i++) {
      IpAddress address = target.addresses().get(i);
      IpAddress peerAddress = peer.addresses().get(i);
      BooleanSupplier there = () -> crosses(sites, peer, address);
      BooleanSupplier back = () -> crosses(sites, target, peerAddress);
      add(peer.name() + " to " + address, new Way(there, back), all, logs, streams);
    }
    return new EmulatedProbes(Pacer.start(all), logs, streams);
  }

  private static boolean crosses(EmulatedSites sites, Vm from, IpAddress to) {
    return sites.siteOf(from).map(site -> sites.delivers(site, to)).orElse(false);
  }

  private static void add(
      String name, Way way, List<ProbeFlow> all, List<FlowLog> logs, List<Stream> streams) {
    FlowLog log = new FlowLog("datagrams " + name);
    Stream stream = new Stream("stream " + name, way);
    logs.add(log);
    streams.add(stream);
    all.add(new Datagrams(log, way));
    all.add(stream);
  }

  /** Whether a packet gets through now, there and back. */
  private record Way(BooleanSupplier there, BooleanSupplier back) {}

  private record Datagrams(FlowLog log, Way way) implements ProbeFlow {
    @Override
    public void send(long nanos) {
      long number = log.sending(nanos);
      if (way.there().getAsBoolean()) {
        log.arrived(number, System.nanoTime());
        if (way.back().getAsBoolean()) {
          log.answered(number, System.nanoTime());
        }
      }
    }
  }

  /**
   * A reliable connection as far as this story needs one: what was not acknowledged is sent again
   * until it is, and it breaks when nothing gets through for too long.
   */
  static final class Stream implements ProbeStream {
    private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String name;
    private final Way way;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private long progressNanos;
    private volatile String brokenBecause = "";

    private Stream(String name, Way way) {
      this.name = name;
      this.way = way;
      this.progressNanos = System.nanoTime();
    }

    @Override
    public void send(long nanos) {
      if (!intact()) {
        return;
      }
      long upTo = sent.incrementAndGet();
      if (way.there().getAsBoolean() && way.back().getAsBoolean()) {
        answered.set(upTo);
        progressNanos = nanos;
      } else if (nanos - progressNanos > SILENCE_MAX_NANOS) {
        brokenBecause = "nothing got through for a minute";
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long sentCount() {
      return sent.get();
    }

    @Override
    public long answeredCount() {
      return answered.get();
    }

    @Override
    public String brokenBecause() {
      return brokenBecause;
    }
  }

  @Override
  public List<FlowLog> flows() {
    return flows;
  }

  @Override
  public List<Stream> streams() {
    return streams;
  }

  @Override
  public long skippedCount() {
    return pacer.skippedCount();
  }

  @Override
  public void close() {
    pacer.close();
  }
}
