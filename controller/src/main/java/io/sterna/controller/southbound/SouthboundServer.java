package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.cluster.ControllerDirectory;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.TlsIdentity;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where forwarding elements connect. Netty carries the bytes: a delta goes to every element, so
 * what a write costs is what an element costs.
 */
public final class SouthboundServer {
  private static final Logger LOG = LoggerFactory.getLogger(SouthboundServer.class);

  private static final int ACCEPT_BACKLOG = 1024;

  /** One carries some hundred thousand frames a second. */
  private static final int THREADS_MAX = 4;

  /** What the kernel may hold unsent: what waits beyond is seen here, and can be replaced. */
  private static final int UNSENT_BYTES = 128 << 10;

  private static final Duration HANDSHAKE_PATIENCE = Duration.ofSeconds(10);

  private SouthboundServer() {}

  /**
   * The registry of sessions.
   *
   * @param relocation who executes plans
   * @param owners given later: ranges and sessions need each other
   * @param traffic the way to the collector of traffic
   */
  public static Behavior<Sessions.Command> registry(
      ActorSystem<?> system,
      ControllerSettings settings,
      ControllerDirectory directory,
      Supplier<RangeOwners> owners,
      ActorRef<TrafficCommand> traffic,
      ActorRef<RelocationCommand> relocation) {
    Map<FeId, FeEndpoint> inventory = new TreeMap<>();
    settings.forwardingElements().forEach(element -> inventory.put(element.fe(), element));
    ClaimRates claimRates = new ClaimRates(settings.policy().claimsPerSecond());
    AppliedReports applied = AppliedReports.start(system);
    return Sessions.create(
        settings.id(),
        registry -> {
          Southbound shared =
              new Southbound(
                  settings.id(),
                  settings.southbound(),
                  claimRates,
                  settings.ranges(),
                  inventory,
                  directory::endpoints,
                  applied,
                  (range, command) -> owners.get().tell(range, command),
                  traffic,
                  relocation,
                  registry);
          return connection -> Session.create(shared, connection);
        });
  }

  /** Listens until the system ends; completes when the port is bound. */
  public static CompletionStage<Void> listen(
      ActorSystem<?> system,
      ControllerSettings.Southbound settings,
      TlsIdentity identity,
      ActorRef<Sessions.Command> registry) {
    boolean epoll = Epoll.isAvailable();
    boolean boringSsl = OpenSsl.isAvailable();
    LOG.info("southbound TLS of {}", boringSsl ? OpenSsl.versionString() : "Java");
    int threads =
        Math.min(THREADS_MAX, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    ThreadFactory names = new DefaultThreadFactory("sterna-southbound", true);
    EventLoopGroup group =
        epoll ? new EpollEventLoopGroup(threads, names) : new NioEventLoopGroup(threads, names);
    Class<? extends ServerChannel> kind =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Executor handshakes = system.dispatchers().lookup(DispatcherSelector.blocking());
    ServerBootstrap server =
        new ServerBootstrap()
            .group(group)
            .channel(kind)
            .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TlsConnection.WATER_MARK)
            // Java's TLS works on arrays, BoringSSL on memory of its own.
            .childOption(ChannelOption.ALLOCATOR, new PooledByteBufAllocator(boringSsl))
            .childHandler(
                new Pipeline(
                    settings,
                    context(identity, boringSsl),
                    registry,
                    handshakes,
                    new FlushPace(threads)));
    if (epoll) {
      server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
    }
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) -> {
              Future<?> unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            });
    ControllerSettings.Endpoint at = settings.listen();
    return bound(server.bind(at.host(), at.port()));
  }

  /** Who has no certificate of an element is refused within the handshake. */
  private static SslContext context(TlsIdentity identity, boolean boringSsl) {
    try {
      return SslContextBuilder.forServer(identity.keyManager())
          .trustManager(identity.trustManager())
          .sslProvider(boringSsl ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .protocols(identity.protocols())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  private static CompletionStage<Void> bound(ChannelFuture binding) {
    CompletableFuture<Void> bound = new CompletableFuture<>();
    binding.addListener(
        done -> {
          if (done.isSuccess()) {
            bound.complete(null);
          } else {
            bound.completeExceptionally(done.cause());
          }
        });
    return bound;
  }

  /** What an accepted connection passes through. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final ControllerSettings.Southbound settings;
    private final SslContext context;
    private final ActorRef<Sessions.Command> registry;
    private final Executor handshakes;
    private final FlushPace pace;

    Pipeline(
        ControllerSettings.Southbound settings,
        SslContext context,
        ActorRef<Sessions.Command> registry,
        Executor handshakes,
        FlushPace pace) {
      this.settings = settings;
      this.context = context;
      this.registry = registry;
      this.handshakes = handshakes;
      this.pace = pace;
    }

    @Override
    protected void initChannel(Channel channel) {
      // A handshake takes milliseconds: sessions that are open do not wait for it.
      SslHandler tls = context.newHandler(channel.alloc(), handshakes);
      tls.setHandshakeTimeoutMillis(HANDSHAKE_PATIENCE.toMillis());
      long silenceMs = settings.silenceLimit().toMillis();
      channel
          .pipeline()
          .addLast(tls)
          .addLast(new IdleStateHandler(silenceMs, 0, 0, TimeUnit.MILLISECONDS))
          .addLast(
              new TlsConnection(
                  channel,
                  tls,
                  pace,
                  settings.backlogLimitBytes(),
                  connection -> registry.tell(new Sessions.Connected(connection))));
    }
  }
}
