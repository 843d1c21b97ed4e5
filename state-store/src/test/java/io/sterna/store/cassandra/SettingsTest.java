package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SettingsTest {
  private static final CassandraSettings GOOD =
      new CassandraSettings(List.of("a:9042", "b:9043"), "dc1", "sterna", 3);

  @Test
  void configuresPluginAndDriver() {
    Config config = GOOD.toConfig().withFallback(ConfigFactory.load()).resolve();
    Config plugin = config.getConfig("akka.persistence.cassandra");
    assertEquals("sterna", plugin.getString("journal.keyspace"));
    assertEquals("sterna", plugin.getString("snapshot.keyspace"));
    assertFalse(plugin.getBoolean("journal.keyspace-autocreate"));
    assertFalse(plugin.getBoolean("snapshot.tables-autocreate"));
    assertFalse(plugin.getBoolean("events-by-tag.enabled"));
    assertEquals("off", plugin.getString("journal.replay-filter.mode"));
    Config driver = config.getConfig("datastax-java-driver");
    assertEquals(List.of("a:9042", "b:9043"), driver.getStringList("basic.contact-points"));
    assertEquals("dc1", driver.getString("basic.load-balancing-policy.local-datacenter"));
    String profile = plugin.getString("write-profile");
    assertEquals("QUORUM", driver.getString("profiles." + profile + ".basic.request.consistency"));
  }

  @Test
  void namesTheKeyThatIsWrong() {
    assertEquals("contact-points is empty", store(List.of(), "dc", "k", 1));
    assertEquals("contact-points: 'a' is not HOST:PORT", store(List.of("a"), "dc", "k", 1));
    assertEquals(
        "contact-points: 'a:65536' is not HOST:PORT", store(List.of("a:65536"), "dc", "k", 1));
    assertEquals(
        "local-datacenter 'd'c' is not 1 to 48 of A-Z a-z 0-9 _ . -",
        store(List.of("a:1"), "d'c", "k", 1));
    assertEquals(
        "keyspace 'K' is not a letter and up to 47 of a-z 0-9 _",
        store(List.of("a:1"), "dc", "K", 1));
    assertEquals("replication-factor 0 is below 1", store(List.of("a:1"), "dc", "k", 0));
  }

  @Test
  void aNodeNamesTheKeyThatIsWrong() {
    NodeSettings good = NodeSettings.in(Path.of("data"));
    assertEquals(
        "cql-port, storage-port and jmx-port must differ from each other",
        message(() -> good.withPorts(9042, 9042, 0)));
    assertEquals(
        "storage-port 0 is not between 1 and 65535", message(() -> good.withPorts(9042, 0, 0)));
    assertEquals("heap-mebibytes 100 is below 256", message(() -> good.withHeapMebibytes(100)));
    assertEquals("127.0.0.1:9042", good.contactPoint());
  }

  private static String store(List<String> contactPoints, String dc, String keyspace, int rf) {
    return message(() -> new CassandraSettings(contactPoints, dc, keyspace, rf));
  }

  private static String message(Executable wrong) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
