package io.sterna.controller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.controller.audit.ArchiveSettings;
import io.sterna.controller.audit.AuditSettings;
import io.sterna.controller.audit.FollowSettings;
import io.sterna.controller.execution.ExecutionSettings;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.relocation.model.Network;
import io.sterna.monitoring.matrix.MatrixSettings;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.store.cassandra.CassandraSettings;
import io.sterna.store.event.RangeSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A controller's settings, checked: what {@code reference.conf} documents under {@code
 * sterna.controller}.
 */
public record ControllerSettings(
    ControllerId id,
    Cluster cluster,
    Southbound southbound,
    Endpoint http,
    Tls tls,
    RangeMap ranges,
    List<FeEndpoint> forwardingElements,
    CassandraSettings cassandra,
    Ranges rangeLimits,
    PolicySettings policy,
    MatrixSettings traffic,
    Optional<Network> network,
    ExecutionSettings relocation,
    AuditSettings audit,
    Optional<Path> operatorsFile) {

  private static final String ROOT = "sterna.controller";
  private static final int MAX_RANGES = 4096;

  /** A row has room for two entries a claim, and for some more. */
  private static final int BATCH_LIMIT_MAX = 2000;

  /** Unless it is configured: while the store writes one row, the next is made. */
  private static final int COMMITS_AT_ONCE_MIN = 2;

  private static final long RECENT_DELTAS_MIN = 1 << 10;
  private static final long RECENT_DELTAS_MAX = 1 << 26;

  public ControllerSettings {
    forwardingElements = List.copyOf(forwardingElements);
  }

  /** A host and a port to listen on. */
  public record Endpoint(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Traffic between controllers. */
  public record Cluster(
      Endpoint listen, List<String> seeds, Duration acceptablePause, Duration stableAfter) {
    public Cluster {
      seeds = List.copyOf(seeds);
    }
  }

  /** The listener for forwarding elements. */
  public record Southbound(
      Endpoint listen,
      String advertisedHost,
      Duration silenceLimit,
      long backlogLimitBytes,
      int claimsMax) {}

  /** PEM files. */
  public record Tls(Path certificate, Path key, Path authority) {}

  /**
   * Limits of ranges.
   *
   * @param commitsAtOnce how many ranges of one controller write to the journal at once
   * @param batchLimit the most claims of one row
   * @param queueLimit the most claims that wait for one range
   * @param snapshotEvery rows between two snapshots of one range
   * @param recentDeltasLimitBytes what one range keeps for elements that return
   * @param bindingsMax the most addresses that are ever bound in one range
   * @param ownerTerm how long after it proved its epoch an owner may acknowledge
   */
  public record Ranges(
      int commitsAtOnce,
      int batchLimit,
      int queueLimit,
      int snapshotEvery,
      long recentDeltasLimitBytes,
      int bindingsMax,
      Duration ownerTerm) {}

  /**
   * Reads and checks the settings.
   *
   * @param root a resolved configuration that holds {@code sterna.controller}
   * @param baseDir where relative file names start
   * @throws ConfigException with origin, key and reason
   */
  public static ControllerSettings from(Config root, Path baseDir) {
    Config config = root.getConfig(ROOT);
    Config tls = config.getConfig("tls");
    List<FeEndpoint> elements = inventory(config);
    Optional<Network> network = NetworkReader.read(config.getConfig("network"), elements);
    ExecutionSettings relocation = RelocationReader.read(config.getConfig("relocation"));
    if (relocation.enabled() && network.isEmpty()) {
      throw bad(config, "relocation.enabled", "needs network.sites and network.links");
    }
    return new ControllerSettings(
        parsed(config, "id", ControllerId::new),
        cluster(config.getConfig("cluster")),
        southbound(config.getConfig("southbound")),
        endpoint(config.getConfig("http")),
        new Tls(
            file(tls, "certificate", baseDir),
            file(tls, "key", baseDir),
            file(tls, "authority", baseDir)),
        rangeMap(config),
        elements,
        cassandra(config.getConfig("cassandra")),
        limits(config.getConfig("ranges")),
        PolicyReader.read(config.getConfig("policy"), elements),
        traffic(config.getConfig("traffic")),
        network,
        relocation,
        audit(config.getConfig("audit"), baseDir),
        optionalFile(config.getConfig("http"), "operators-file", baseDir));
  }

  private static Cluster cluster(Config config) {
    List<String> seeds = config.getStringList("seeds");
    if (seeds.isEmpty()) {
      throw bad(config, "seeds", "names no controller");
    }
    seeds.forEach(seed -> checkHostPort(config, "seeds", seed));
    return new Cluster(
        endpoint(config),
        seeds,
        positive(config, "acceptable-pause"),
        positive(config, "stable-after"));
  }

  private static Southbound southbound(Config config) {
    Endpoint listen = endpoint(config);
    String advertised = config.getString("advertised-host");
    return new Southbound(
        listen,
        advertised.isEmpty() ? listen.host() : advertised,
        positive(config, "silence-limit"),
        config.getBytes("backlog-limit"),
        atLeastOne(config, "claims-max"));
  }

  private static CassandraSettings cassandra(Config config) {
    try {
      return new CassandraSettings(
          config.getStringList("contact-points"),
          config.getString("local-datacenter"),
          config.getString("keyspace"),
          config.getInt("replication-factor"));
    } catch (IllegalArgumentException e) {
      throw new ConfigException.BadValue(
          config.origin(), "cassandra", String.valueOf(e.getMessage()));
    }
  }

  private static Ranges limits(Config config) {
    return new Ranges(
        commitsAtOnce(
            notNegative(config, "commits-at-once"), Runtime.getRuntime().availableProcessors()),
        atMost(BATCH_LIMIT_MAX, config, "batch-limit"),
        atLeastOne(config, "queue-limit"),
        atLeastOne(config, "snapshot-every"),
        bytesBetween(RECENT_DELTAS_MIN, RECENT_DELTAS_MAX, config, "recent-deltas-limit"),
        atMost(RangeSnapshot.MAX_BINDINGS, config, "bindings-max"),
        positive(config, "owner-term"));
  }

  /** What is configured; 0 = as many as there are processors. */
  static int commitsAtOnce(int configured, int processors) {
    return configured > 0 ? configured : Math.max(COMMITS_AT_ONCE_MIN, processors);
  }

  private static MatrixSettings traffic(Config config) {
    int tailItems = atLeastOne(config, "tail-items-max");
    if (tailItems < 8 || Integer.bitCount(tailItems) != 1) {
      throw bad(config, "tail-items-max", tailItems + " is no power of two from 8 on");
    }
    return new MatrixSettings(
        positive(config, "time-constant"),
        positive(config, "tail-slice"),
        atLeastOne(config, "exact-pairs-max"),
        tailItems,
        atLeastOne(config, "endpoints-max"));
  }

  private static AuditSettings audit(Config config, Path baseDir) {
    List<Path> keys = config.getStringList("public-keys").stream().map(baseDir::resolve).toList();
    Optional<Path> key = optionalFile(config, "checkpoint-key", baseDir);
    if (key.isPresent() && keys.isEmpty()) {
      throw bad(config, "public-keys", "lacks the key that belongs to checkpoint-key");
    }
    return new AuditSettings(
        key,
        keys,
        positive(config, "checkpoint-interval"),
        optionalFile(config, "checkpoint-copy", baseDir),
        follow(config.getConfig("follow")),
        archive(config.getConfig("archive"), baseDir));
  }

  private static FollowSettings follow(Config config) {
    return new FollowSettings(atLeastOne(config, "readers-max"), positive(config, "stall-limit"));
  }

  private static Optional<ArchiveSettings> archive(Config config, Path baseDir) {
    Optional<Duration> every =
        config.getString("every").equals("never")
            ? Optional.empty()
            : Optional.of(positive(config, "every"));
    Optional<Path> folder = optionalFile(config, "folder", baseDir);
    if (every.isPresent() && folder.isEmpty()) {
      throw bad(config, "folder", "is empty, and rows are to be archived every " + every.get());
    }
    Duration olderThan = positive(config, "older-than");
    Duration pause = config.getDuration("pause");
    return folder.map(where -> new ArchiveSettings(where, every, olderThan, pause));
  }

  private static Optional<Path> optionalFile(Config config, String key, Path baseDir) {
    return Optional.of(config.getString(key)).filter(name -> !name.isEmpty()).map(baseDir::resolve);
  }

  private static RangeMap rangeMap(Config config) {
    List<RangeMap.MobilePrefix> prefixes = new ArrayList<>();
    for (Config each : config.getConfigList("mobile-prefixes")) {
      IpPrefix prefix = parsed(each, "prefix", IpPrefix::parse);
      for (RangeMap.MobilePrefix other : prefixes) {
        if (other.prefix().overlaps(prefix)) {
          throw bad(each, "prefix", prefix + " overlaps " + other.prefix());
        }
      }
      int rangeLength = each.getInt("range-length");
      try {
        prefixes.add(new RangeMap.MobilePrefix(prefix, rangeLength));
      } catch (IllegalArgumentException e) {
        throw bad(each, "range-length", String.valueOf(e.getMessage()));
      }
    }
    long count = prefixes.stream().mapToLong(RangeMap.MobilePrefix::rangeCount).sum();
    if (count < 1 || count > MAX_RANGES) {
      throw bad(
          config,
          "mobile-prefixes",
          "make " + count + " ranges; 1 to " + MAX_RANGES + " can be served");
    }
    return new RangeMap(prefixes);
  }

  private static List<FeEndpoint> inventory(Config config) {
    List<FeEndpoint> elements = new ArrayList<>();
    Set<FeId> ids = new HashSet<>();
    Set<IpAddress> underlays = new HashSet<>();
    for (Config each : config.getConfigList("forwarding-elements")) {
      FeEndpoint element =
          new FeEndpoint(
              parsed(each, "id", FeId::new),
              parsed(each, "site", SiteId::new),
              parsed(each, "underlay", IpAddress::parse));
      if (!ids.add(element.fe())) {
        throw bad(each, "id", "duplicate forwarding element id '" + element.fe() + "'");
      }
      if (!underlays.add(element.underlay())) {
        throw bad(each, "underlay", element.underlay() + " is another element's too");
      }
      elements.add(element);
    }
    return elements;
  }

  private static Endpoint endpoint(Config config) {
    int port = config.getInt("port");
    if (port < 1 || port > 65_535) {
      throw bad(config, "port", port + " is not between 1 and 65535");
    }
    return new Endpoint(config.getString("host"), port);
  }

  private static Path file(Config config, String key, Path baseDir) {
    String name = config.getString(key);
    if (name.isEmpty()) {
      throw bad(config, key, "is required");
    }
    return baseDir.resolve(name);
  }

  static Duration positive(Config config, String key) {
    Duration duration = config.getDuration(key);
    if (duration.isZero() || duration.isNegative()) {
      throw bad(config, key, "must be longer than nothing");
    }
    return duration;
  }

  static int atLeastOne(Config config, String key) {
    int value = config.getInt(key);
    if (value < 1) {
      throw bad(config, key, value + " is below 1");
    }
    return value;
  }

  static int notNegative(Config config, String key) {
    int value = config.getInt(key);
    if (value < 0) {
      throw bad(config, key, value + " is below 0");
    }
    return value;
  }

  private static long bytesBetween(long least, long most, Config config, String key) {
    long value = config.getBytes(key);
    if (value < least) {
      throw bad(config, key, value + " bytes are below " + least);
    }
    if (value > most) {
      throw bad(config, key, value + " bytes are above " + most);
    }
    return value;
  }

  private static int atMost(int most, Config config, String key) {
    int value = atLeastOne(config, key);
    if (value > most) {
      throw bad(config, key, value + " is above " + most);
    }
    return value;
  }

  private static void checkHostPort(Config config, String key, String text) {
    if (!text.matches("[^\\s]+:\\d{1,5}")) {
      throw bad(config, key, "'" + text + "' is not HOST:PORT");
    }
  }

  static <T> T parsed(Config config, String key, Function<String, T> parse) {
    String text = config.getString(key);
    if (text.isEmpty()) {
      throw bad(config, key, "is required");
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw bad(config, key, String.valueOf(e.getMessage()));
    }
  }

  static ConfigException bad(Config config, String key, String reason) {
    return new ConfigException.BadValue(config.getValue(key).origin(), key, reason);
  }
}
