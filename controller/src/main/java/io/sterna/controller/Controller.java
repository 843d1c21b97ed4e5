package io.sterna.controller;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.PoisonPill;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.http.javadsl.Http;
import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.controller.audit.Archiver;
import io.sterna.controller.audit.Checkpointer;
import io.sterna.controller.cluster.ClusterFounding;
import io.sterna.controller.cluster.ControllerDirectory;
import io.sterna.controller.cluster.MembershipWatch;
import io.sterna.controller.execution.LiveNetwork;
import io.sterna.controller.execution.NoRelocation;
import io.sterna.controller.execution.ObservedNetwork;
import io.sterna.controller.execution.RelocationActor;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.http.ApiRoutes;
import io.sterna.controller.http.AuditView;
import io.sterna.controller.http.ClusterView;
import io.sterna.controller.http.OperatorTokens;
import io.sterna.controller.http.PlansView;
import io.sterna.controller.http.RestoreView;
import io.sterna.controller.http.TrafficView;
import io.sterna.controller.owner.AddressRange;
import io.sterna.controller.owner.CommitTurns;
import io.sterna.controller.owner.Epochs;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.controller.owner.RangeServices;
import io.sterna.controller.owner.RangeWaker;
import io.sterna.controller.owner.SiteNews;
import io.sterna.controller.owner.SiteTotals;
import io.sterna.controller.southbound.Sessions;
import io.sterna.controller.southbound.SouthboundServer;
import io.sterna.controller.traffic.TrafficCollector;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import io.sterna.store.cassandra.ClusterCharter;
import io.sterna.store.cassandra.EpochStore;
import io.sterna.store.cassandra.Schema;
import io.sterna.store.cassandra.SchemaException;
import io.sterna.store.cassandra.SnapshotChoice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running controller node. */
public final class Controller implements AutoCloseable {
  private static final Duration CASSANDRA_PATIENCE = Duration.ofSeconds(60);
  private static final Duration BIND_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  private final ActorSystem<Void> system;
  private final CqlSession cassandra;

  /** What is asked of Cassandra beside the journal. */
  private record Stores(EpochStore epochs, ClusterCharter charter, SnapshotChoice snapshots) {
    static Stores open(ControllerSettings settings, CqlSession cassandra) throws StartException {
      String keyspace = settings.cassandra().keyspace();
      return new Stores(
          await(EpochStore.open(cassandra, keyspace)),
          await(ClusterCharter.open(cassandra, keyspace)),
          await(SnapshotChoice.open(cassandra, keyspace)));
    }
  }

  private Controller(ActorSystem<Void> system, CqlSession cassandra) {
    this.system = system;
    this.cassandra = cassandra;
  }

  /**
   * Looks at the files that settings name beside certificates, as {@link #start} does.
   *
   * @throws StartException naming the setting whose file is wrong
   */
  public static void checkFiles(ControllerSettings settings) throws StartException {
    AuditParts.checkFiles(settings);
    AuditParts.operators(settings);
  }

  /**
   * Starts a node and waits until it listens; it joins the cluster by itself.
   *
   * @throws StartException naming the setting to look at; nothing is left running
   */
  public static Controller start(ControllerSettings settings) throws StartException {
    TlsIdentity tls = identity(settings);
    AuditParts.checkFiles(settings);
    OperatorTokens operators = AuditParts.operators(settings);
    checkFree("cluster.port", settings.cluster().listen());
    checkFree("southbound.port", settings.southbound().listen());
    checkFree("http.port", settings.http());
    CqlSession cassandra = connect(settings);
    try {
      Schema.create(cassandra, settings.cassandra());
      return new Controller(
          startSystem(settings, tls, operators, Stores.open(settings, cassandra)), cassandra);
    } catch (SchemaException e) {
      cassandra.close();
      throw new StartException("cassandra", String.valueOf(e.getMessage()));
    } catch (StartException e) {
      cassandra.close();
      throw e;
    }
  }

  /** Completes when the node has stopped, for whatever reason. */
  public CompletionStage<Done> whenTerminated() {
    return system.getWhenTerminated();
  }

  /** Leaves the cluster, hands its ranges over and stops. */
  @Override
  public void close() {
    CompletionStage<Done> stopped =
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
    try {
      stopped.toCompletableFuture().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system.log().warn("The node did not stop in order: {}", e.toString());
    }
    cassandra.close();
  }

  private static ActorSystem<Void> startSystem(
      ControllerSettings settings, TlsIdentity tls, OperatorTokens operators, Stores stores)
      throws StartException {
    CompletableFuture<Void> bound = new CompletableFuture<>();
    ActorSystem<Void> system =
        ActorSystem.create(
            guardian(settings, tls, operators, stores, bound),
            AkkaConfiguration.SYSTEM_NAME,
            AkkaConfiguration.of(settings));
    try {
      bound.get(BIND_PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return system;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      system.terminate();
      throw new StartException("id", "interrupted while starting");
    } catch (ExecutionException | TimeoutException e) {
      system.terminate();
      throw new StartException("southbound.port", "cannot listen: " + reason(e, BIND_PATIENCE));
    }
  }

  private static Behavior<Void> guardian(
      ControllerSettings settings,
      TlsIdentity tls,
      OperatorTokens operators,
      Stores stores,
      CompletableFuture<Void> bound) {
    return Behaviors.setup(
        context -> {
          ControllerDirectory directory = new ControllerDirectory(context.getSystem());
          AtomicReference<@Nullable RangeOwners> owners = new AtomicReference<>();
          ActorRef<TrafficCommand> traffic = collector(context.getSystem(), settings);
          AtomicReference<LiveNetwork.@Nullable Source> network = new AtomicReference<>();
          ActorRef<RelocationCommand> relocation =
              relocation(
                  context,
                  settings,
                  () -> Objects.requireNonNull(network.get()).look(),
                  (vm, from, to) -> tellRange(settings, owners.get(), vm, from, to));
          ActorRef<Sessions.Command> sessions =
              context.spawn(
                  SouthboundServer.registry(
                      context.getSystem(),
                      settings,
                      directory,
                      () -> Objects.requireNonNull(owners.get()),
                      traffic,
                      relocation),
                  "sessions");
          RangeOwners ranges = startRanges(context, settings, stores, sessions);
          owners.set(ranges);
          context.getSystem().receptionist().tell(Receptionist.register(Sessions.KEY, sessions));
          stopBeforeRanges(
              context, context.spawn(RangeWaker.create(settings.ranges(), ranges), "waker"));
          context.spawn(MembershipWatch.create(sessions), "membership");
          context.spawn(
              ClusterFounding.create(AkkaConfiguration.seeds(settings), stores.charter()),
              "founding");
          ClusterView view = new ClusterView(context.getSystem(), settings, directory, ranges);
          network.set(new ObservedNetwork(context.getSystem(), settings, traffic, view::bound));
          AuditParts audit = new AuditParts(settings);
          ApiRoutes routes =
              new ApiRoutes(
                  view,
                  new TrafficView(context.getSystem(), settings, traffic),
                  new PlansView(context.getSystem(), relocation),
                  startAudit(context, settings, audit, view),
                  new RestoreView(context.getSystem(), settings.ranges(), audit::reading, ranges),
                  operators);
          listen(context, settings, tls, routes, sessions)
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      bound.complete(null);
                    } else {
                      bound.completeExceptionally(failure);
                    }
                  });
          return Behaviors.empty();
        });
  }

  /** Ranges that are handed over must not be woken again: the hand-over would wait for that. */
  private static void stopBeforeRanges(ActorContext<Void> context, ActorRef<Void> waker) {
    CoordinatedShutdown.get(context.getSystem())
        .addActorTerminationTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "stop-waking",
            Adapter.toClassic(waker),
            Optional.of(PoisonPill.getInstance()));
  }

  private static RangeOwners startRanges(
      ActorContext<Void> context,
      ControllerSettings settings,
      Stores stores,
      ActorRef<Sessions.Command> sessions) {
    SiteTotals totals = new SiteTotals();
    if (!settings.policy().siteCapacity().isEmpty()) {
      context.spawn(SiteNews.create(settings.id(), totals), "site-news");
    }
    RangeServices services =
        new RangeServices(
            settings.id(),
            settings.rangeLimits(),
            fencing(stores.epochs()),
            stores.snapshots()::of,
            commitTurns(context.getSystem(), settings),
            sessions,
            settings.policy(),
            totals,
            InstantSource.system(),
            System::nanoTime);
    return RangeOwners.start(context.getSystem(), range -> AddressRange.create(range, services));
  }

  private static CommitTurns commitTurns(ActorSystem<?> system, ControllerSettings settings) {
    CommitTurns turns = new CommitTurns(settings.rangeLimits().commitsAtOnce());
    system
        .scheduler()
        .scheduleWithFixedDelay(
            CommitTurns.LOOK_INTERVAL,
            CommitTurns.LOOK_INTERVAL,
            () -> turns.look(System.nanoTime()),
            system.executionContext());
    return turns;
  }

  private static ActorRef<TrafficCommand> collector(
      ActorSystem<?> system, ControllerSettings settings) {
    return TrafficCollector.start(
        system,
        new TrafficCollector.Parts(
            settings.id(),
            settings.traffic(),
            settings.forwardingElements().stream()
                .collect(Collectors.toMap(FeEndpoint::fe, FeEndpoint::site)),
            InstantSource.system(),
            System::nanoTime));
  }

  private static ActorRef<RelocationCommand> relocation(
      ActorContext<Void> context,
      ControllerSettings settings,
      LiveNetwork.Source network,
      RelocationActor.Notice notice) {
    return settings.relocation().enabled()
        ? RelocationActor.start(
            context.getSystem(),
            new RelocationActor.Parts(
                settings.relocation(), network, notice, InstantSource.system(), System::nanoTime))
        : context.spawn(NoRelocation.create(), "relocation");
  }

  private static void tellRange(
      ControllerSettings settings, @Nullable RangeOwners owners, IpAddress vm, FeId from, FeId to) {
    if (owners != null) {
      settings
          .ranges()
          .rangeOf(vm)
          .ifPresent(range -> owners.tell(range, new RangeCommand.NoteMigration(vm, from, to)));
    }
  }

  /**
   * With a session to Cassandra of its own: long reads never stand in front of an epoch's proof.
   */
  private static AuditView startAudit(
      ActorContext<Void> context, ControllerSettings settings, AuditParts parts, ClusterView view) {
    ActorSystem<?> system = context.getSystem();
    system.getWhenTerminated().thenAccept(done -> parts.close());
    parts
        .signingKey()
        .ifPresent(
            key ->
                Checkpointer.start(
                    system,
                    new Checkpointer.Parts(
                        settings.id(),
                        key,
                        settings.audit().interval(),
                        settings.audit().copy(),
                        parts::store,
                        view::heads,
                        InstantSource.system())));
    return new AuditView(
        system, settings, parts::reading, parts::followed, startArchiver(context, settings, parts));
  }

  private static Optional<ActorRef<Archiver.Command>> startArchiver(
      ActorContext<Void> context, ControllerSettings settings, AuditParts parts) {
    return settings
        .audit()
        .archive()
        .map(
            archive ->
                context.spawn(
                    Archiver.create(
                        new Archiver.Parts(
                            settings.id(),
                            archive,
                            settings.ranges().ranges(),
                            way -> parts.archiving(archive, way),
                            () -> parts.reading().checkpoints(),
                            parts::archiveCharter,
                            InstantSource.system())),
                    "archiver"));
  }

  private static Epochs fencing(EpochStore store) {
    return new Epochs() {
      @Override
      public CompletionStage<EpochStore.Taken> acquire(
          RangeId range, ControllerId controller, BooleanSupplier wanted) {
        return store.acquire(range, controller, wanted);
      }

      @Override
      public CompletionStage<Boolean> validate(RangeId range, long epoch) {
        return store.validate(range, epoch);
      }

      @Override
      public CompletionStage<Boolean> release(RangeId range, long epoch) {
        return store.release(range, epoch);
      }
    };
  }

  private static CompletionStage<?> listen(
      ActorContext<Void> context,
      ControllerSettings settings,
      TlsIdentity tls,
      ApiRoutes routes,
      ActorRef<Sessions.Command> sessions) {
    ActorSystem<?> system = context.getSystem();
    CompletionStage<?> http =
        Http.get(system)
            .newServerAt(settings.http().host(), settings.http().port())
            .bind(routes.routes());
    CompletionStage<?> southbound =
        SouthboundServer.listen(system, settings.southbound(), tls, sessions);
    return http.thenCombine(southbound, (one, other) -> Done.getInstance());
  }

  private static TlsIdentity identity(ControllerSettings settings) throws StartException {
    ControllerSettings.Tls files = settings.tls();
    try {
      TlsIdentity identity = TlsIdentity.load(files.certificate(), files.key(), files.authority());
      ControllerId id = settings.id();
      if (!identity.name().equals(new PeerName.Controller(id))) {
        throw new StartException(
            "tls.certificate",
            "is the certificate of " + identity.name() + ", not of controller " + id);
      }
      return identity;
    } catch (TlsFileException e) {
      throw new StartException("tls", String.valueOf(e.getMessage()));
    }
  }

  private static void checkFree(String key, ControllerSettings.Endpoint endpoint)
      throws StartException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
    } catch (IOException e) {
      throw new StartException(key, "cannot listen on " + endpoint + ": " + e.getMessage());
    }
  }

  private static CqlSession connect(ControllerSettings settings) throws StartException {
    return CassandraWait.of(settings.cassandra())
        .until(settings.cassandra().sessionBuilder().buildAsync(), CASSANDRA_PATIENCE);
  }

  private static String reason(Exception e, Duration patience) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return e instanceof TimeoutException
        ? "it takes longer than " + patience.toSeconds() + " s"
        : String.valueOf(cause.getMessage());
  }

  private static <T> T await(CompletionStage<T> stage) throws StartException {
    try {
      return stage.toCompletableFuture().get(CASSANDRA_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("cassandra", "interrupted while starting");
    } catch (ExecutionException | TimeoutException e) {
      throw new StartException(
          "cassandra", "cannot prepare the epochs: " + reason(e, CASSANDRA_PATIENCE));
    }
  }
}
