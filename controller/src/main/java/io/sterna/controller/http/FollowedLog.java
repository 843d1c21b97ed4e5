package io.sterna.controller.http;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import io.sterna.controller.http.FollowLine.Cut;
import io.sterna.controller.http.FollowedLines.Block;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log for one reader, as it is written: the next block is read when he has taken the one
 * before, so what he costs is bounded, and nothing if he takes nothing.
 *
 * <table>
 * <caption>states</caption>
 * <tr><th>state</th><th>he takes</th><th>he takes nothing</th></tr>
 * <tr><td>follows</td><td>blocks; his cursor every few seconds if there are none</td>
 * <td>cut after the stall limit</td></tr>
 * <tr><td>cut</td><td>the last line with his cursor, then the end</td>
 * <td>the end, after a while</td></tr>
 * </table>
 */
final class FollowedLog extends GraphStage<SourceShape<ByteString>> {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedLog.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final long SIGN_OF_LIFE_NANOS = Duration.ofSeconds(5).toNanos();

  /** A reader that was cut gets this long to take the last line. */
  private static final long LAST_LINE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Outlet<ByteString> out = Outlet.create("lines");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final Parts parts;

  /**
   * What it works with.
   *
   * @param open begins to follow; blocks
   * @param blocking for threads that may wait
   */
  record Parts(
      Supplier<FollowedLines> open,
      Executor blocking,
      Followers followers,
      Duration stallLimit,
      FollowLine line,
      LongSupplier nanos) {}

  private FollowedLog(Parts parts) {
    this.parts = parts;
  }

  static Source<ByteString, NotUsed> source(Parts parts) {
    return Source.fromGraph(new FollowedLog(parts));
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** What reading on came to. */
  private record Answer(
      @Nullable FollowedLines lines, @Nullable Block block, @Nullable Throwable failure) {}

  private record Ending(Cut cut, String message) {}

  private final class Logic extends TimerGraphStageLogic implements Followers.Follower {
    private final AsyncCallback<Answer> answered = createAsyncCallback(this::onAnswer);
    private final AsyncCallback<Ending> ended = createAsyncCallback(this::onEnd);
    private @Nullable FollowedLines lines;
    private @Nullable Block ready;
    private @Nullable Ending ending;
    private boolean reading;
    private long dueNanos;
    private long takenNanos;
    private String cursor = "";

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              proceed();
            }
          });
    }

    @Override
    public void preStart() {
      takenNanos = now();
      dueNanos = takenNanos;
      scheduleAtFixedRate("tick", TICK, TICK);
      if (!parts.followers().enter(this)) {
        int max = parts.followers().max();
        onEnd(new Ending(Cut.FULL, "this controller has %d followers already".formatted(max)));
      }
    }

    @Override
    public void postStop() {
      parts.followers().leave(this);
    }

    @Override
    public void stop() {
      ended.invoke(new Ending(Cut.STOPPING, "this controller stops"));
    }

    @Override
    public void onTimer(Object tick) {
      long silentNanos = now() - takenNanos;
      if (isAvailable(out)) {
        proceed();
        if (isAvailable(out) && silentNanos > SIGN_OF_LIFE_NANOS) {
          give(ByteString.fromArrayUnsafe(parts.line().cursor(cursor)));
        }
      } else if (ending == null && silentNanos > parts.stallLimit().toNanos()) {
        String message = "nothing was taken for " + parts.stallLimit().toSeconds() + " s";
        LOG.info("A reader of the log is cut: {}", message);
        onEnd(new Ending(Cut.STALLED, message));
      } else if (silentNanos > parts.stallLimit().toNanos() + LAST_LINE_NANOS) {
        complete(out);
      }
    }

    private void proceed() {
      if (!isAvailable(out)) {
        return;
      }
      if (ending != null) {
        byte[] last = parts.line().cut(ending.cut(), ending.message(), cursor);
        give(ByteString.fromArrayUnsafe(last));
        complete(out);
      } else if (ready != null) {
        give(ready);
      } else if (!reading && dueNanos <= now()) {
        read();
      }
    }

    private void give(Block block) {
      ready = null;
      cursor = block.cursor();
      if (block.bytes().nonEmpty()) {
        give(block.bytes());
      } else {
        // Nothing that is asked for: on, at once if there is more.
        proceed();
      }
    }

    private void give(ByteString bytes) {
      takenNanos = now();
      push(out, bytes);
    }

    private void read() {
      reading = true;
      FollowedLines known = lines;
      CompletableFuture<Void> unused =
          CompletableFuture.supplyAsync(
                  () -> {
                    FollowedLines its = known == null ? parts.open().get() : known;
                    Block block = known == null ? its.first(now()) : its.next(now());
                    return new Answer(its, block, null);
                  },
                  parts.blocking())
              .exceptionally(failure -> new Answer(known, null, failure))
              .thenAccept(answered::invoke);
    }

    private void onAnswer(Answer answer) {
      reading = false;
      if (ending != null) {
        return;
      }
      lines = answer.lines();
      Block block = answer.block();
      if (block == null) {
        onEnd(ending(answer.failure()));
        return;
      }
      dueNanos = block.dueNanos();
      ready = block;
      proceed();
    }

    private void onEnd(Ending why) {
      if (ending == null) {
        ending = why;
        ready = null;
        lines = null;
        // Another may follow from now on, whether or not this one takes the last line.
        parts.followers().leave(this);
      }
      proceed();
    }

    private long now() {
      return parts.nanos().getAsLong();
    }
  }

  private static Ending ending(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause == null ? "" : String.valueOf(cause.getMessage());
    if (cause instanceof io.sterna.store.audit.BrokenRecordException
        || cause instanceof io.sterna.store.archive.ArchiveException) {
      return new Ending(Cut.BROKEN, message);
    } else if (cause instanceof io.sterna.store.cassandra.JournalReader.UnavailableException) {
      return new Ending(Cut.UNAVAILABLE, message);
    }
    LOG.warn("The log cannot be followed", cause);
    return new Ending(Cut.FAILED, "internal error");
  }
}
