package io.sterna.agent.linux;

import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkException;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.NetworkNamespace;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets parked packets go when their VM turns out to be attached after all: it came back to this
 * bridge, or was merely silent for so long that the bridge had forgotten it.
 *
 * <p>While packets are parked, the kernel asks programs for their neighbour once a second
 * (app_solicit, arp(7)). That says which addresses are parked; the bridge's forwarding database
 * says when their VM speaks again.
 */
final class ParkingWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ParkingWatch.class);
  private static final int POLL_MS = 200;
  private static final int ANSWER_TIMEOUT_MS = 5_000;
  private static final int RETRY_MS = 1_000;

  private final LinuxDataPlaneSettings settings;
  private final Parking parking;
  private final NetlinkSocket events;
  private final NetlinkSocket requests;
  private final DeviceIndexes devices;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Only the watch's thread uses it. */
  private final Map<IpAddress, MacAddress> parked = new HashMap<>();

  private ParkingWatch(
      LinuxDataPlaneSettings settings,
      Parking parking,
      NetlinkSocket events,
      NetlinkSocket requests)
      throws IOException {
    this.settings = settings;
    this.parking = parking;
    this.events = events;
    this.requests = requests;
    this.devices = DeviceIndexes.find(requests, settings);
    this.thread = new Thread(this::run, "parking-" + settings.networkNamespace());
    this.thread.setDaemon(true);
  }

  /** Starts to watch on a thread of its own. */
  static ParkingWatch start(LinuxDataPlaneSettings settings, Parking parking) throws IOException {
    NetworkNamespace namespace = NetworkNamespace.named(settings.networkNamespace());
    NetlinkSocket events = NetlinkSocket.open(namespace, POLL_MS, Rtnetlink.RTNLGRP_NEIGH);
    try {
      events.attach(SocketFilter.parkedNeighbours().toSockFprog());
      NetlinkSocket requests = NetlinkSocket.open(namespace, ANSWER_TIMEOUT_MS);
      try {
        ParkingWatch watch = new ParkingWatch(settings, parking, events, requests);
        watch.thread.start();
        return watch;
      } catch (IOException e) {
        requests.close();
        throw e;
      }
    } catch (IOException e) {
      events.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      events.close();
    } finally {
      requests.close();
    }
  }

  private void run() {
    long pauseMs = 0;
    try {
      while (!closing.await(pauseMs, TimeUnit.MILLISECONDS)) {
        pauseMs = watchOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long to wait before the next attempt. */
  private long watchOnce() {
    try {
      // Whatever was lost or timed out: the kernel asks again within a second.
      events.receive(this::onMessage);
      return 0;
    } catch (IOException e) {
      LOG.warn("parked packets: {}", e.getMessage());
      return RETRY_MS;
    }
  }

  private void onMessage(NetlinkReader message) throws IOException {
    int type = message.type();
    int family = message.u8(0);
    int device = message.u32(4);
    Attributes attributes = message.attributes(Rtnetlink.NEIGHBOUR_HEADER_BYTES);
    if (type == Rtnetlink.RTM_NEWNEIGH && family == Rtnetlink.AF_BRIDGE) {
      MacAddress mac = attributes.mac(Rtnetlink.NDA_LLADDR);
      if (mac != null && parked.containsValue(mac)) {
        onHeard(mac);
      }
    } else if (type == Rtnetlink.RTM_GETNEIGH && family != Rtnetlink.AF_BRIDGE) {
      IpAddress address = attributes.address(Rtnetlink.NDA_DST);
      if (address != null && device == devices.parking()) {
        onParked(address);
      }
    }
  }

  private void onParked(IpAddress address) throws IOException {
    MacAddress mac = parking.localMac(address);
    if (mac == null || isAttached(mac)) {
      release(address);
    } else {
      parked.put(address, mac);
    }
  }

  private void onHeard(MacAddress mac) throws IOException {
    if (!isAttached(mac)) {
      return;
    }
    for (IpAddress address : Map.copyOf(parked).keySet()) {
      if (mac.equals(parked.get(address))) {
        release(address);
      }
    }
  }

  /** Whether the bridge knows a port for this hardware address. */
  private boolean isAttached(MacAddress mac) throws IOException {
    NetlinkWriter writer = requests.begin();
    writer.begin(Rtnetlink.RTM_GETNEIGH, 0);
    writer.u32(Rtnetlink.AF_BRIDGE).u32(0).u32(0);
    writer.attribute(Rtnetlink.NDA_LLADDR, mac);
    writer.attributeU32(Rtnetlink.NDA_MASTER, devices.bridge()).end();
    boolean[] found = new boolean[1];
    try {
      requests.exchange("bridge entry of " + mac, message -> found[0] = true);
    } catch (NetlinkException e) {
      if (e.errno() != Rtnetlink.ENOENT) {
        throw e;
      }
    }
    return found[0];
  }

  private void release(IpAddress address) throws IOException {
    RouteRequests routes = new RouteRequests(requests.begin(), settings.routeProtocol());
    Parking.writeRelease(routes, address, devices.parking(), settings.gatewayMac());
    requests.exchange("releasing packets of " + address, message -> {});
    parked.remove(address);
  }
}
