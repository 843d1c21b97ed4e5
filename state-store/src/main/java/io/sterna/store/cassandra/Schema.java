package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Creates the keyspace and its tables.
 *
 * <p>Any number of controllers may do so at once, through different Cassandra nodes. That is a
 * known way to break a table: each node invents another id for it, and then their schemas disagree
 * for ever. So the ids are not invented here but follow from the names, and whoever comes second
 * creates the same thing again.
 *
 * <p>{@code messages}, {@code metadata}, {@code all_persistence_ids} and {@code snapshots} are what
 * akka-persistence-cassandra 1.1.1 expects with events-by-tag off; {@code range_epochs}, {@code
 * cluster_charter}, {@code audit_checkpoints} and {@code audit_archive} are ours.
 */
public final class Schema {
  /** Rows of all ranges. */
  static final String MESSAGES =
      """
      persistence_id text, partition_nr bigint, sequence_nr bigint, timestamp timeuuid,
      timebucket text, writer_uuid text, ser_id int, ser_manifest text, event_manifest text,
      event blob, meta_ser_id int, meta_ser_manifest text, meta blob, tags set<text>,
      PRIMARY KEY ((persistence_id, partition_nr), sequence_nr, timestamp)""";

  static final String METADATA =
      "persistence_id text PRIMARY KEY, deleted_to bigint, properties map<text, text>";
  static final String ALL_PERSISTENCE_IDS = "persistence_id text PRIMARY KEY";
  static final String SNAPSHOTS =
      """
      persistence_id text, sequence_nr bigint, timestamp bigint, ser_id int, ser_manifest text,
      snapshot_data blob, snapshot blob, meta_ser_id int, meta_ser_manifest text, meta blob,
      PRIMARY KEY (persistence_id, sequence_nr)""";
  static final String RANGE_EPOCHS =
      "range text PRIMARY KEY, epoch bigint, controller text, taken_at timestamp, released boolean";

  static final String AUDIT_CHECKPOINTS =
      "part bigint, number bigint, checkpoint text, signature text, PRIMARY KEY (part, number)";

  static final String AUDIT_ARCHIVE =
      """
      range text, first_row bigint, last_row bigint, rows bigint, previous text, hash text,
      file text, sha256 text, bytes bigint, removed boolean, PRIMARY KEY (range, first_row)""";

  static final String CLUSTER_CHARTER = "name text PRIMARY KEY, holder text";

  private static final int ATTEMPTS_MAX = 5;
  private static final int AGREEMENT_CHECKS_MAX = 3;

  private Schema() {}

  /**
   * Creates what is missing and returns when every live node knows it. Blocks for some 100 ms to a
   * few seconds; an existing schema costs a few round trips.
   *
   * @throws SchemaException if Cassandra refused, or the nodes did not come to agree
   */
  public static void create(CqlSession session, CassandraSettings settings) throws SchemaException {
    execute(session, keyspaceStatement(settings), "keyspace " + settings.keyspace());
    for (Map.Entry<String, String> table : tables().entrySet()) {
      String name = settings.keyspace() + "." + table.getKey();
      execute(session, tableStatement(name, table.getValue()), "table " + name);
    }
    awaitAgreement(session);
  }

  private static Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("messages", MESSAGES + ")");
    tables.put("metadata", METADATA + ")");
    tables.put("all_persistence_ids", ALL_PERSISTENCE_IDS + ")");
    tables.put("snapshots", SNAPSHOTS + ") WITH CLUSTERING ORDER BY (sequence_nr DESC)");
    tables.put("range_epochs", RANGE_EPOCHS + ")");
    tables.put("audit_checkpoints", AUDIT_CHECKPOINTS + ")");
    tables.put("audit_archive", AUDIT_ARCHIVE + ")");
    tables.put("cluster_charter", CLUSTER_CHARTER + ")");
    return tables;
  }

  private static String keyspaceStatement(CassandraSettings settings) {
    return "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class': 'NetworkTopologyStrategy', '%s': %d}"
        .formatted(settings.keyspace(), settings.localDatacenter(), settings.replicationFactor());
  }

  private static String tableStatement(String name, String definition) {
    String more = definition.contains(" WITH ") ? " AND " : " WITH ";
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return "CREATE TABLE IF NOT EXISTS " + name + " (" + definition + more + "ID = " + id;
  }

  /** Every statement may be repeated, so whatever failed is tried again. */
  private static void execute(CqlSession session, String statement, String what)
      throws SchemaException {
    for (int attempt = 1; ; attempt++) {
      try {
        ResultSet result = session.execute(statement);
        if (!result.getExecutionInfo().isSchemaInAgreement()) {
          awaitAgreement(session);
        }
        return;
      } catch (DriverException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw new SchemaException("cannot create " + what + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** Each check waits for as long as the driver's schema-agreement timeout. */
  private static void awaitAgreement(CqlSession session) throws SchemaException {
    for (int check = 0; check < AGREEMENT_CHECKS_MAX; check++) {
      if (session.checkSchemaAgreement()) {
        return;
      }
    }
    throw new SchemaException("the nodes of Cassandra do not agree on the schema");
  }
}
