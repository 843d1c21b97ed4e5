package io.sterna.lab.probe;

import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Vm;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Real packets to a VM: from the client outside and from another VM, by UDP and by TCP, IPv4 and
 * IPv6, each a probe every millisecond.
 */
public final class KernelProbes implements ProbeSession {
  private static final int FIRST_PORT = 7_000;

  private final Reactor reactor;
  private final Pacer pacer;
  private final List<FlowLog> flows;
  private final List<TcpStream> streams;

  private KernelProbes(Reactor reactor, Pacer pacer, List<FlowLog> flows, List<TcpStream> streams) {
    this.reactor = reactor;
    this.pacer = pacer;
    this.flows = List.copyOf(flows);
    this.streams = List.copyOf(streams);
  }

  /**
   * Opens the echoes, connects and starts to send. The VM must be reachable.
   *
   * @param target the VM that is probed
   * @param peer the VM that probes it, besides the client outside
   * @throws IOException if a socket cannot be opened or a connection made
   */
  public static KernelProbes start(LabPlan plan, Vm target, Vm peer) throws IOException {
    NetworkNamespace vm = NetworkNamespace.named(plan.namespace(target));
    Reactor reactor = Reactor.start();
    boolean started = false;
    try {
      List<ProbeFlow> all = new ArrayList<>();
      List<FlowLog> logs = new ArrayList<>();
      List<TcpStream> streams = new ArrayList<>();
      int port = FIRST_PORT;
      for (String origin : List.of(plan.client(), plan.namespace(peer))) {
        NetworkNamespace from = NetworkNamespace.named(origin);
        for (IpAddress address : target.addresses()) {
          String name = origin + " to " + address;
          UdpFlow flow = UdpFlow.open("udp " + name, from, vm, address, port, reactor);
          logs.add(flow.log());
          all.add(flow);
          TcpStream stream = TcpStream.connect("tcp " + name, from, vm, address, port, reactor);
          streams.add(stream);
          all.add(stream);
          port++;
        }
      }
      KernelProbes probes = new KernelProbes(reactor, Pacer.start(all), logs, streams);
      started = true;
      return probes;
    } finally {
      if (!started) {
        reactor.close();
      }
    }
  }

  @Override
  public List<FlowLog> flows() {
    return flows;
  }

  @Override
  public List<TcpStream> streams() {
    return streams;
  }

  @Override
  public long skippedCount() {
    return pacer.skippedCount();
  }

  @Override
  public void close() {
    pacer.close();
    reactor.close();
  }
}
