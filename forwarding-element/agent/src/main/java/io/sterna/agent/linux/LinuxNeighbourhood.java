package io.sterna.agent.linux;

import io.sterna.agent.announcement.AnnouncementParser;
import io.sterna.agent.announcement.ArpFrames;
import io.sterna.agent.announcement.NdFrames;
import io.sterna.agent.announcement.Solicitation;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The VMs on a Linux bridge, by packet sockets on the bridge's own interface.
 *
 * <p>That interface sees what is broadcast or multicast on the bridge and what is sent to the
 * gateway, and this is where announcements and answers to probes go. A unicast answer between two
 * VMs it does not see.
 *
 * <p>Threads: one receives and calls the listener, one does what can wait (repetitions, the
 * kernel's proxy entries); {@code probe} and {@code redirect} send on the caller's.
 */
public final class LinuxNeighbourhood implements Neighbourhood {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxNeighbourhood.class);

  private static final IpAddress GATEWAY_LINK_LOCAL = IpAddress.parse("fe80::1");
  private static final IpAddress UNSPECIFIED_V4 = IpAddress.ofV4(0);

  /**
   * How long after the last time a redirect is said again. Once soon, because a frame may be lost;
   * and once after the second in which Linux before 4.12 ignores a gratuitous ARP for an entry that
   * was just updated (sysctl locktime).
   */
  private static final int[] REPEAT_AFTER_MS = {100, 1000};

  /** More addresses than this are not said again: the first word was said to everybody. */
  private static final int MAX_REPEATED = 50_000;

  /** More changes of proxy entries than this do not wait: the sweep or the next question helps. */
  private static final int MAX_WAITING = 10_000;

  private static final int MAX_PROXIED = 4096;
  private static final int SWEEP_PERIOD_SECONDS = 30;

  private final NetworkNamespace namespace;
  private final String bridge;
  private final MacAddress gatewayMac;
  private final List<IpAddress> gatewayAddresses;
  private final Predicate<IpAddress> isRemote;
  private final BridgeSender sender;
  private final @Nullable NeighbourProxies proxies;
  private final ScheduledThreadPoolExecutor later;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong redirects = new AtomicLong();

  /** Which redirect of an address, by its number, is still being repeated. */
  private final Map<IpAddress, Long> repeated = new ConcurrentHashMap<>();

  private @Nullable FrameListener frames;

  private LinuxNeighbourhood(
      NetworkNamespace namespace,
      String bridge,
      MacAddress gatewayMac,
      List<IpAddress> gatewayAddresses,
      Predicate<IpAddress> isRemote,
      BridgeSender sender,
      @Nullable NeighbourProxies proxies) {
    this.namespace = namespace;
    this.bridge = bridge;
    this.gatewayMac = gatewayMac;
    this.gatewayAddresses = List.copyOf(gatewayAddresses);
    this.isRemote = isRemote;
    this.sender = sender;
    this.proxies = proxies;
    this.later = new ScheduledThreadPoolExecutor(1, work -> daemon("neighbours-" + bridge, work));
    // What is asked for after the end is not done.
    later.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var unused =
        later.scheduleWithFixedDelay(
            this::sweep, SWEEP_PERIOD_SECONDS, SWEEP_PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Opens the bridge for sending; nothing is heard before {@link #listen}.
   *
   * @param bridge the interface on which the VMs are
   * @param gatewayMac the bridge's own hardware address, from which it speaks
   * @param gatewayAddresses the bridge's own addresses: never taken for a VM's
   * @param isRemote whether the VM of an address is attached elsewhere now. Called on several
   *     threads; must neither block nor throw. After a restart it must know what the kernel's
   *     routes still say, or the proxy entries of an earlier agent are swept away.
   * @throws IOException if there is no such bridge, or without CAP_NET_RAW
   */
  public static LinuxNeighbourhood open(
      NetworkNamespace namespace,
      String bridge,
      MacAddress gatewayMac,
      List<IpAddress> gatewayAddresses,
      Predicate<IpAddress> isRemote)
      throws IOException {
    BridgeSender sender = new BridgeSender(namespace, bridge);
    return new LinuxNeighbourhood(
        namespace,
        bridge,
        gatewayMac,
        gatewayAddresses,
        isRemote,
        sender,
        openProxies(namespace, bridge, gatewayAddresses));
  }

  /** Without the guard, the kernel's proxy would do harm: better none. */
  private static @Nullable NeighbourProxies openProxies(
      NetworkNamespace namespace, String bridge, List<IpAddress> gatewayAddresses) {
    try {
      Stream<IpAddress> gateway =
          Stream.concat(Stream.of(GATEWAY_LINK_LOCAL), gatewayAddresses.stream());
      List<IpAddress> defended = gateway.filter(address -> !address.isV4()).distinct().toList();
      DuplicateDetectionGuard.install(namespace, bridge, defended);
      enableProxy(namespace, bridge);
      return NeighbourProxies.open(namespace, bridge, MAX_PROXIED);
    } catch (IOException e) {
      LOG.warn(
          "{}: while no agent runs, nobody answers for remote IPv6 addresses: {}",
          bridge,
          e.getMessage());
      return null;
    }
  }

  /** Linux looks at the bridge's switch for multicast questions, at the general for unicast. */
  private static void enableProxy(NetworkNamespace namespace, String bridge) throws IOException {
    for (String device : List.of(bridge, "all")) {
      Path proxyNdp = Path.of("/proc/sys/net/ipv6/conf", device, "proxy_ndp");
      namespace.call(() -> Files.writeString(proxyNdp, "1"));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if the bridge cannot be listened to now; later outages only interrupt
   * @throws IllegalStateException if somebody listens already
   */
  @Override
  public synchronized void listen(Consumer<Announcement> listener) throws IOException {
    if (frames != null) {
      throw new IllegalStateException("somebody listens on " + bridge + " already");
    }
    SocketFilter filter = SocketFilter.announcements(gatewayMac);
    frames =
        FrameListener.start(
            namespace, bridge, filter, (frame, length) -> onFrame(frame, length, listener));
  }

  private void onFrame(byte[] frame, int length, Consumer<Announcement> listener) {
    Announcement announcement = AnnouncementParser.parse(frame, length);
    if (announcement == null) {
      Solicitation question = Solicitation.parse(frame, length);
      if (question != null && isRemote.test(question.target())) {
        answer(question);
      }
    } else if (!isGateway(announcement)) {
      listener.accept(announcement);
      if (announcement instanceof Announcement.OfAddress here) {
        onPresent(here.address());
      }
    }
  }

  /**
   * The VM is here, whatever {@code isRemote} still says. To go on to speak for it would even take
   * an IPv6 address away from a VM whose duplicate address detection runs.
   */
  private void onPresent(IpAddress address) {
    repeated.remove(address);
    if (!address.isV4()) {
      forgetProxy(address);
    }
  }

  /** A VM that says it is the gateway is wrong; a claim would take the gateway from everybody. */
  private boolean isGateway(Announcement announcement) {
    return announcement instanceof Announcement.OfAddress named
        && gatewayAddresses.contains(named.address());
  }

  /** At once from here, since the kernel has no entry yet; from then on the kernel as well. */
  private void answer(Solicitation question) {
    try {
      sender.send(NdFrames.advertisement(gatewayMac, GATEWAY_LINK_LOCAL, question));
    } catch (IOException e) {
      LOG.debug("{}: no answer for {}: {}", bridge, question.target(), e.getMessage());
    }
    addProxy(question.target());
  }

  @Override
  public void probe(IpAddress address, MacAddress mac) throws IOException {
    byte[] frame =
        address.isV4()
            ? ArpFrames.unicastRequest(gatewayMac, gatewayOf(address), mac, address)
            : NdFrames.unicastSolicitation(gatewayMac, GATEWAY_LINK_LOCAL, mac, address);
    sender.send(frame);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Said three times within 1.1 s, unless the address is no longer remote by then or its VM has
   * announced itself here.
   */
  @Override
  public void redirect(IpAddress address) throws IOException {
    say(address);
    if (repeated.size() < MAX_REPEATED) {
      long number = redirects.incrementAndGet();
      repeated.put(address, number);
      sayLater(address, number, 0);
    }
    if (!address.isV4()) {
      addProxy(address);
    }
  }

  private void sayLater(IpAddress address, long number, int repetition) {
    int delayMs = REPEAT_AFTER_MS[repetition];
    var unused =
        later.schedule(() -> sayAgain(address, number, repetition), delayMs, TimeUnit.MILLISECONDS);
  }

  private void sayAgain(IpAddress address, long number, int repetition) {
    boolean stillSo = Objects.equals(repeated.get(address), number) && isRemote.test(address);
    if (stillSo) {
      try {
        say(address);
      } catch (IOException e) {
        LOG.debug("{}: redirect of {} was not repeated: {}", bridge, address, e.getMessage());
      }
    }
    if (stillSo && repetition + 1 < REPEAT_AFTER_MS.length) {
      sayLater(address, number, repetition + 1);
    } else {
      repeated.remove(address, number);
    }
  }

  private void say(IpAddress address) throws IOException {
    if (address.isV4()) {
      // Some hosts heed only the request form, some only the reply (RFC 5944 section 4.6).
      sender.send(ArpFrames.gratuitousRequest(gatewayMac, address));
      sender.send(ArpFrames.gratuitousReply(gatewayMac, address));
    } else {
      sender.send(NdFrames.unsolicitedAdvertisement(gatewayMac, GATEWAY_LINK_LOCAL, address));
    }
  }

  /**
   * Lets the kernel no longer answer for this IPv6 address, because its VM is here. Happens by
   * itself when the VM announces itself, and by a slow sweep; returns before it is done.
   */
  public void forgetProxy(IpAddress address) {
    onProxies(address, known -> known.remove(address));
  }

  private void addProxy(IpAddress address) {
    onProxies(address, known -> known.add(address));
  }

  /** One change to the kernel's proxy entries. */
  private interface ProxyWork {
    void change(NeighbourProxies known) throws IOException;
  }

  private void onProxies(IpAddress address, ProxyWork work) {
    NeighbourProxies known = proxies;
    if (known == null) {
      return;
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    later.execute(
        () -> {
          waiting.decrementAndGet();
          try {
            work.change(known);
          } catch (IOException e) {
            LOG.warn("{}: proxy of {}: {}", bridge, address, e.getMessage());
          }
        });
  }

  private void sweep() {
    NeighbourProxies known = proxies;
    if (known != null) {
      try {
        known.retain(isRemote);
      } catch (IOException e) {
        LOG.warn("{}: proxy entries were not swept: {}", bridge, e.getMessage());
      }
    }
  }

  /**
   * Who asks: the gateway's IPv4 address that shares the most leading bits, since a host may refuse
   * to answer a sender outside of its subnet. Without any, the unspecified address: an ARP probe,
   * which every host must answer for its own address (RFC 5227).
   */
  private IpAddress gatewayOf(IpAddress address) {
    IpAddress nearest = UNSPECIFIED_V4;
    int nearestBits = -1;
    for (IpAddress candidate : gatewayAddresses) {
      int bits = Integer.numberOfLeadingZeros(candidate.v4Bits() ^ address.v4Bits());
      if (candidate.isV4() && bits > nearestBits) {
        nearest = candidate;
        nearestBits = bits;
      }
    }
    return nearest;
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends both threads. The kernel's proxy entries stay, as its routes do. */
  @Override
  public synchronized void close() throws IOException {
    if (later.isShutdown()) {
      return;
    }
    if (frames != null) {
      frames.close();
    }
    later.shutdownNow();
    try {
      if (!later.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("{}: the neighbours' thread does not end", bridge);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.close();
    if (proxies != null) {
      proxies.close();
    }
  }
}
