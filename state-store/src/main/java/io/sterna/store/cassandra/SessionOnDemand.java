package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session to Cassandra that is opened when it is first needed. While Cassandra is away the driver
 * goes on trying, and those who ask hear so after a while: nobody waits for longer, and nobody
 * stands in the way of who closes it. For threads that may wait; any number of them may use one.
 */
public final class SessionOnDemand implements AutoCloseable {
  private final Supplier<CompletionStage<CqlSession>> opening;
  private final Duration patience;
  private @Nullable CompletableFuture<CqlSession> session;
  private boolean closed;

  /**
   * @param opening begins to open one
   * @param patience how long one who asks waits for it
   */
  public SessionOnDemand(Supplier<CompletionStage<CqlSession>> opening, Duration patience) {
    this.opening = opening;
    this.patience = patience;
  }

  /**
   * The session.
   *
   * @throws JournalReader.UnavailableException if there is none yet
   */
  public CqlSession get() {
    try {
      return asked().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalReader.UnavailableException("interrupted while Cassandra was asked", e);
    } catch (TimeoutException e) {
      throw new JournalReader.UnavailableException(
          "Cassandra is not reachable; it is tried again and again", e);
    } catch (ExecutionException | CancellationException e) {
      throw new JournalReader.UnavailableException(
          "Cassandra is not reachable: " + JournalReader.UnavailableException.reason(e), e);
    }
  }

  private synchronized CompletableFuture<CqlSession> asked() {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("this controller stops"));
    }
    if (session == null || session.isCompletedExceptionally()) {
      session = opening.get().toCompletableFuture();
    }
    return session;
  }

  @Override
  public void close() {
    CompletableFuture<CqlSession> last;
    synchronized (this) {
      closed = true;
      last = session;
    }
    // One that is not open yet is given up by the driver.
    if (last != null && !last.cancel(true) && !last.isCompletedExceptionally()) {
      last.join().close();
    }
  }
}
