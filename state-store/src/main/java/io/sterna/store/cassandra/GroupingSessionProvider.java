package io.sterna.store.cassandra;

import akka.actor.ActorSystem;
import akka.stream.alpakka.cassandra.CqlSessionProvider;
import akka.stream.alpakka.cassandra.DefaultSessionProvider;
import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.Config;
import io.sterna.store.cassandra.GroupCommit.Bounds;
import java.time.Duration;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/**
 * Gives Akka's plugin a session that writes the journal's rows in groups. Named in {@code
 * cassandra.conf}; the plugin constructs it.
 */
public final class GroupingSessionProvider implements CqlSessionProvider {
  private final ActorSystem system;
  private final Config plugin;
  private final CqlSessionProvider sessions;

  /** As the plugin wants it: the plugin's own part of the configuration. */
  public GroupingSessionProvider(ActorSystem system, Config plugin) {
    this.system = system;
    this.plugin = plugin;
    this.sessions = new DefaultSessionProvider(system, plugin);
  }

  @Override
  public Future<CqlSession> connect(ExecutionContext executor) {
    return sessions.connect(executor).map(session -> grouping(session, executor), executor);
  }

  private CqlSession grouping(CqlSession session, ExecutionContext executor) {
    Config group = plugin.getConfig("group-commit");
    Bounds bounds =
        new Bounds(
            group.getInt("groups-max"),
            group.getInt("rows-max"),
            Math.toIntExact(group.getBytes("bytes-max")),
            group.getDuration("slow-after"),
            group.getDuration("alone-after-failure"));
    GroupCommit commit =
        new GroupCommit(
            session::executeAsync,
            bounds,
            System::nanoTime,
            (delay, task) -> later(delay, task, executor));
    String table = plugin.getString("journal.keyspace") + "." + plugin.getString("journal.table");
    return new GroupingSession(session, table, commit);
  }

  private void later(Duration delay, Runnable task, ExecutionContext executor) {
    try {
      system.scheduler().scheduleOnce(delay, task, executor);
    } catch (IllegalStateException e) {
      // The system stops: rows leave when the groups before them return.
      system.log().debug("No alarm for slow writes: {}", e.toString());
    }
  }
}
