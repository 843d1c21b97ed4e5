package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which Cassandra to use, and how.
 *
 * @param contactPoints {@code host:port} of one or more nodes
 * @param localDatacenter the Cassandra data center whose nodes are asked
 * @param keyspace where everything is kept; created if missing
 * @param replicationFactor copies of each row when the keyspace is created; an existing keyspace
 *     keeps its replication
 */
public record CassandraSettings(
    List<String> contactPoints, String localDatacenter, String keyspace, int replicationFactor) {
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
  private static final Pattern CONTACT_POINT = Pattern.compile("(\\S+):(\\d{1,5})");
  private static final Pattern DATACENTER = Pattern.compile("[A-Za-z0-9_.-]{1,48}");
  private static final int PORT_MAX = 65_535;
  private static final String DRIVER = "datastax-java-driver";

  /**
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public CassandraSettings {
    contactPoints = List.copyOf(contactPoints);
    if (contactPoints.isEmpty()) {
      throw new IllegalArgumentException("contact-points is empty");
    }
    contactPoints.forEach(CassandraSettings::checkContactPoint);
    if (!DATACENTER.matcher(localDatacenter).matches()) {
      throw new IllegalArgumentException(
          "local-datacenter '" + localDatacenter + "' is not 1 to 48 of A-Z a-z 0-9 _ . -");
    }
    if (!KEYSPACE.matcher(keyspace).matches()) {
      throw new IllegalArgumentException(
          "keyspace '" + keyspace + "' is not a letter and up to 47 of a-z 0-9 _");
    }
    if (replicationFactor < 1) {
      throw new IllegalArgumentException("replication-factor " + replicationFactor + " is below 1");
    }
  }

  /**
   * Everything that an actor system needs to persist here: plugins, keyspace, driver. Put it in
   * front of what {@code ConfigFactory.load()} gives.
   */
  public Config toConfig() {
    return where().withFallback(ConfigFactory.parseResources(getClass(), "cassandra.conf"));
  }

  /**
   * Opens a session of its own, for schema and epochs. With Cassandra not there yet it keeps
   * trying; use {@code buildAsync()} and a bound.
   */
  public CqlSessionBuilder sessionBuilder() {
    String driver = toConfig().withOnlyPath(DRIVER).root().render(ConfigRenderOptions.concise());
    return CqlSession.builder().withConfigLoader(DriverConfigLoader.fromString(driver));
  }

  private Config where() {
    return ConfigFactory.parseMap(
        Map.of(
            "akka.persistence.cassandra.journal.keyspace",
            keyspace,
            "akka.persistence.cassandra.snapshot.keyspace",
            keyspace,
            DRIVER + ".basic.contact-points",
            ConfigValueFactory.fromIterable(contactPoints),
            DRIVER + ".basic.load-balancing-policy.local-datacenter",
            localDatacenter),
        "settings of Cassandra");
  }

  private static void checkContactPoint(String text) {
    var match = CONTACT_POINT.matcher(text);
    if (!match.matches() || Integer.parseInt(match.group(2)) > PORT_MAX) {
      throw new IllegalArgumentException("contact-points: '" + text + "' is not HOST:PORT");
    }
  }
}
