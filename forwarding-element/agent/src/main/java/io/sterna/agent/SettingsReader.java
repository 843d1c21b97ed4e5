package io.sterna.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sterna.agent.AgentSettings.TlsFiles;
import io.sterna.agent.claim.ClaimSettings;
import io.sterna.agent.claim.SilenceSettings;
import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.hypervisor.HypervisorSettings;
import io.sterna.agent.install.WriterSettings;
import io.sterna.agent.link.ControllerAddress;
import io.sterna.agent.link.LinkSettings;
import io.sterna.agent.linux.LinuxDataPlaneSettings;
import io.sterna.agent.linux.LinuxDataPlaneSettings.GatewayAddress;
import io.sterna.agent.telemetry.TelemetrySettings;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the keys below {@code sterna.fe} and says where a bad one stands. */
final class SettingsReader {
  private static final String ROOT = "sterna.fe";

  private static final Pattern KEY = Pattern.compile("[a-z-]+");

  /** Controllers take intervals as within 10 s and 5 min. */
  private static final Duration REPORT_INTERVAL_MAX = Duration.ofMinutes(5);

  private static final Duration REPORT_INTERVAL_MIN = Duration.ofMillis(10);

  private final Config config;
  private final Path baseDir;

  private SettingsReader(Config config, Path baseDir) {
    this.config = config;
    this.baseDir = baseDir;
  }

  /**
   * A reader of what was configured, over the defaults.
   *
   * @throws ConfigException if a key is unknown
   */
  static SettingsReader of(Config root, Path baseDir) {
    Config reference = ConfigFactory.defaultReference();
    Config configured = root.resolve();
    if (configured.hasPath(ROOT)) {
      refuseUnknown(ROOT, configured.getObject(ROOT), reference.getObject(ROOT));
    }
    return new SettingsReader(configured.withFallback(reference).getConfig(ROOT), baseDir);
  }

  AgentSettings read() {
    LinuxDataPlaneSettings dataPlane = checked("data-plane", this::dataPlane);
    return new AgentSettings(
        value("id", FeId::new),
        new TlsFiles(file("tls.certificate"), file("tls.key"), file("tls.authority")),
        dataPlane,
        checked("controllers", this::link),
        claims(dataPlane),
        silence(),
        checked("routes", this::routes),
        checked("telemetry", () -> telemetry(dataPlane)),
        hypervisor(),
        config.withOnlyPath("akka"));
  }

  private LinuxDataPlaneSettings dataPlane() {
    List<GatewayAddress> gateways =
        checked(
            "data-plane.gateway-addresses",
            () ->
                config.getStringList("data-plane.gateway-addresses").stream()
                    .map(GatewayAddress::parse)
                    .toList());
    return new LinuxDataPlaneSettings(
        text("data-plane.network-namespace"),
        text("data-plane.bridge"),
        value("data-plane.gateway-mac", MacAddress::parse),
        gateways,
        text("data-plane.tunnel-device"),
        config.getInt("data-plane.tunnel-port"),
        config.getInt("data-plane.vni"),
        config.getInt("data-plane.route-protocol"));
  }

  private LinkSettings link() {
    require("controllers");
    return new LinkSettings(
        config.getStringList("controllers").stream().map(ControllerAddress::parse).toList(),
        duration("link.connect-timeout"),
        duration("link.handshake-timeout"),
        duration("link.heartbeat-interval"),
        duration("link.silence-limit"),
        duration("link.reconnect-min"),
        duration("link.reconnect-max"),
        count("link.outgoing-max"),
        duration("link.applied-interval"),
        duration("link.resync-patience"),
        duration("link.tick-interval"),
        count("link.urgent-changes-max"),
        count("link.announcements-max"));
  }

  private ClaimSettings claims(LinuxDataPlaneSettings dataPlane) {
    return new ClaimSettings(
        dataPlane.gatewayMac(),
        dataPlane.gatewayAddresses().stream()
            .map(GatewayAddress::address)
            .collect(Collectors.toUnmodifiableSet()),
        count("claims.pending-max"),
        duration("claims.answer-timeout"),
        duration("claims.evidence-max-age"),
        duration("claims.probe-interval"),
        duration("claims.probe-window"),
        duration("claims.delta-timeout"),
        duration("claims.retry-min"),
        duration("claims.retry-max"),
        duration("claims.age-max"));
  }

  private SilenceSettings silence() {
    return new SilenceSettings(
        duration("silence.after"),
        duration("silence.probe-interval"),
        count("silence.probes"),
        duration("silence.repeat-interval"),
        duration("claims.answer-timeout"),
        count("silence.at-once-max"));
  }

  private HypervisorSettings hypervisor() {
    return new HypervisorSettings(
        config.getStringList("hypervisor.command"),
        duration("hypervisor.timeout"),
        duration("hypervisor.move-timeout"),
        reportInterval("hypervisor.report-interval"));
  }

  private WriterSettings routes() {
    return new WriterSettings(
        atMost(ForwardingTable.MAX_BATCH, "routes.urgent-batch-max"),
        atMost(ForwardingTable.MAX_BATCH, "routes.bulk-batch-max"),
        duration("routes.retry-min"),
        duration("routes.retry-max"));
  }

  private TelemetrySettings telemetry(LinuxDataPlaneSettings dataPlane) {
    String bridge = text("telemetry.bridge");
    return new TelemetrySettings(
        config.getBoolean("telemetry.enabled"),
        duration("telemetry.interval"),
        dataPlane.networkNamespace(),
        new PairCounterSettings(
            bridge.isEmpty() ? dataPlane.bridge() : bridge,
            Set.copyOf(config.getStringList("telemetry.uplinks")),
            Set.copyOf(config.getStringList("telemetry.ignored-ports")),
            count("telemetry.pairs-max")),
        count("telemetry.outside-blocks-max"),
        atMost(TrafficReport.ENTRIES_MAX, "telemetry.report-entries-max"),
        count("telemetry.reports-in-flight-max"),
        duration("telemetry.resend-after"),
        exporters());
  }

  private Optional<TelemetrySettings.Exporters> exporters() {
    if (text("telemetry.exporters.listen").isEmpty()) {
      return Optional.empty();
    }
    ControllerAddress listen = value("telemetry.exporters.listen", ControllerAddress::parse);
    Set<InetAddress> hosts =
        checked(
            "telemetry.exporters.hosts",
            () ->
                config.getStringList("telemetry.exporters.hosts").stream()
                    .map(SettingsReader::inet)
                    .collect(Collectors.toUnmodifiableSet()));
    return Optional.of(
        checked(
            "telemetry.exporters.listen",
            () ->
                new TelemetrySettings.Exporters(
                    new InetSocketAddress(listen.host(), listen.port()), hosts)));
  }

  /** Without looking a name up: an exporter is known by its address. */
  private static InetAddress inet(String text) {
    IpAddress address = IpAddress.parse(text);
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " is no address", e);
    }
  }

  private Path file(String key) {
    return baseDir.resolve(text(key));
  }

  private <T> T value(String key, Function<String, T> parser) {
    String text = text(key);
    return checked(key, () -> parser.apply(text));
  }

  private String text(String key) {
    require(key);
    return config.getString(key);
  }

  private Duration reportInterval(String key) {
    Duration interval = config.getDuration(key);
    boolean fits =
        interval.compareTo(REPORT_INTERVAL_MIN) >= 0
            && interval.compareTo(REPORT_INTERVAL_MAX) <= 0;
    if (!interval.isZero() && !fits) {
      throw bad(key, "must be 0s or 10ms to 5m", null);
    }
    return interval;
  }

  private Duration duration(String key) {
    Duration duration = config.getDuration(key);
    if (duration.isZero() || duration.isNegative()) {
      throw bad(key, "must be longer than nothing", null);
    }
    return duration;
  }

  private int count(String key) {
    int count = config.getInt(key);
    if (count < 1) {
      throw bad(key, "must be at least 1", null);
    }
    return count;
  }

  private int atMost(int most, String key) {
    int count = count(key);
    if (count > most) {
      throw bad(key, "must be at most " + most, null);
    }
    return count;
  }

  private void require(String key) {
    if (config.getIsNull(key)) {
      throw new ConfigException.Missing(ROOT + "." + key);
    }
  }

  private <T> T checked(String key, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      int end = Math.max(0, reason.indexOf(' '));
      String inner = key + "." + reason.substring(0, end);
      // A section's settings begin with the key that is wrong: then it is that line.
      throw end > 0 && KEY.matcher(reason.substring(0, end)).matches() && config.hasPath(inner)
          ? bad(inner, reason.substring(end + 1), e)
          : bad(key, reason, e);
    }
  }

  private ConfigException bad(String key, String reason, @Nullable Throwable cause) {
    return new ConfigException.BadValue(
        config.getValue(key).origin(), ROOT + "." + key, reason, cause);
  }

  private static void refuseUnknown(String path, ConfigObject configured, ConfigObject known) {
    for (Map.Entry<String, ConfigValue> entry : configured.entrySet()) {
      String at = path + "." + entry.getKey();
      ConfigValue counterpart = known.get(entry.getKey());
      if (counterpart == null) {
        throw new ConfigException.BadValue(
            entry.getValue().origin(),
            at,
            "unknown key; known here: " + String.join(", ", new TreeSet<>(known.keySet())));
      }
      // The Akka section holds whatever Akka understands.
      boolean isAkka = at.equals(ROOT + ".akka");
      if (!isAkka
          && counterpart instanceof ConfigObject inner
          && entry.getValue() instanceof ConfigObject section) {
        refuseUnknown(at, section, inner);
      }
    }
  }
}
