package io.sterna.controller;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.store.cassandra.CassandraSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the first session to Cassandra. The driver warns of each try, and never names the
 * setting that says where to try; this does, now and then.
 */
final class CassandraWait {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraWait.class);
  private static final String KEY = "cassandra.contact-points";
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);

  private final List<String> contactPoints;
  private final Duration sayEvery;
  private final Consumer<String> say;

  CassandraWait(List<String> contactPoints, Duration sayEvery, Consumer<String> say) {
    this.contactPoints = List.copyOf(contactPoints);
    this.sayEvery = sayEvery;
    this.say = say;
  }

  static CassandraWait of(CassandraSettings settings) {
    return new CassandraWait(settings.contactPoints(), SAY_EVERY, LOG::warn);
  }

  /**
   * The session.
   *
   * @throws StartException if there is none in that time; one that comes later is closed
   */
  CqlSession until(CompletionStage<CqlSession> session, Duration patience) throws StartException {
    Duration waited = Duration.ZERO;
    try {
      while (waited.compareTo(patience) < 0) {
        try {
          return session.toCompletableFuture().get(sayEvery.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          waited = waited.plus(sayEvery);
          say.accept(
              "waiting for Cassandra at %s (sterna.controller.%s), for %d of %d s"
                  .formatted(contactPoints, KEY, waited.toSeconds(), patience.toSeconds()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("cassandra", "interrupted while connecting");
    } catch (ExecutionException e) {
      throw none(patience);
    }
    session.thenAccept(CqlSession::close);
    throw none(patience);
  }

  private StartException none(Duration patience) {
    return new StartException(
        KEY, "no Cassandra at " + contactPoints + " within " + patience.toSeconds() + " s");
  }
}
