package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metrics.Metrics;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session whose inserts into one table leave in groups ({@link GroupCommit}); everything else
 * passes. Akka's plugin writes each row by a request of its own and offers no place to change that;
 * its session it takes from {@link GroupingSessionProvider}.
 */
final class GroupingSession implements CqlSession {
  private final CqlSession session;
  private final Pattern insert;
  private final GroupCommit commit;

  /** The plugin prepares its insert once: compared by identity, for each row. */
  private volatile @Nullable PreparedStatement known;

  /**
   * A session in front of another, which it closes.
   *
   * @param table with its keyspace; rows are written without conditions
   */
  GroupingSession(CqlSession session, String table, GroupCommit commit) {
    this.session = session;
    this.insert =
        Pattern.compile(
            "\\s*INSERT\\s+INTO\\s+" + Pattern.quote(table) + "\\s*\\((?!.*\\sIF\\s).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    this.commit = commit;
  }

  @Override
  public <RequestT extends Request, ResultT> @Nullable ResultT execute(
      RequestT request, GenericType<ResultT> resultType) {
    if (request instanceof BoundStatement row
        && resultType.equals(Statement.ASYNC)
        && isInsert(row.getPreparedStatement())) {
      @SuppressWarnings("unchecked") // The type that was asked for, see above.
      ResultT written = (ResultT) commit.write(row);
      return written;
    }
    return session.execute(request, resultType);
  }

  private boolean isInsert(PreparedStatement statement) {
    if (statement == known) {
      return true;
    }
    boolean is = insert.matcher(statement.getQuery()).matches();
    if (is) {
      known = statement;
    }
    return is;
  }

  @Override
  public String getName() {
    return session.getName();
  }

  @Override
  public Metadata getMetadata() {
    return session.getMetadata();
  }

  @Override
  public boolean isSchemaMetadataEnabled() {
    return session.isSchemaMetadataEnabled();
  }

  @Override
  public CompletionStage<Metadata> setSchemaMetadataEnabled(@Nullable Boolean enabled) {
    return session.setSchemaMetadataEnabled(enabled);
  }

  @Override
  public CompletionStage<Metadata> refreshSchemaAsync() {
    return session.refreshSchemaAsync();
  }

  @Override
  public CompletionStage<Boolean> checkSchemaAgreementAsync() {
    return session.checkSchemaAgreementAsync();
  }

  @Override
  public DriverContext getContext() {
    return session.getContext();
  }

  @Override
  public Optional<CqlIdentifier> getKeyspace() {
    return session.getKeyspace();
  }

  @Override
  public Optional<Metrics> getMetrics() {
    return session.getMetrics();
  }

  @Override
  public CompletionStage<Void> closeFuture() {
    return session.closeFuture();
  }

  @Override
  public CompletionStage<Void> closeAsync() {
    commit.close();
    return session.closeAsync();
  }

  @Override
  public CompletionStage<Void> forceCloseAsync() {
    commit.close();
    return session.forceCloseAsync();
  }
}
