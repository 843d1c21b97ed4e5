package io.sterna.store.cassandra;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real Cassandra node as a child process of this one.
 *
 * <p>It ends with this process, however this one ends: it watches its standard input, whose other
 * end only this process holds. It may be killed at any time; the next start on the same data folder
 * recovers what was acknowledged (see {@link NodeSettings.CommitLogSync}).
 */
public final class LocalCassandra implements AutoCloseable {
  /** Told about once a second what a start is waiting for. */
  @FunctionalInterface
  public interface Progress {
    /** Still waiting for this, after so long. */
    void waitingFor(String what, Duration elapsed);
  }

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  /** A node whose parent was killed needs some seconds to stop. */
  private static final Duration UNUSED_BOUND = STOP_BOUND;

  private static final Duration KILL_BOUND = Duration.ofSeconds(10);
  private static final int LAST_WORDS_LINES = 12;

  /** As in CassandraMain, which is on another class path. */
  private static final int EXIT_LOCKED = 75;

  private final NodeSettings settings;
  private final NodeFiles files;
  private final ClassArchive archive;
  private final Process process;
  private final CompletableFuture<Integer> exit;

  private LocalCassandra(
      NodeSettings settings, NodeFiles files, ClassArchive archive, Process process) {
    this.settings = settings;
    this.files = files;
    this.archive = archive;
    this.process = process;
    // The node ends when this stream is closed, and an unreachable stream is: hold it until exit.
    OutputStream lifeline = process.getOutputStream();
    this.exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  closeQuietly(lifeline);
                  return ended.exitValue();
                });
  }

  /**
   * Starts a node and returns when it has answered its first query.
   *
   * @param settings how it runs
   * @param libDir the jars of the module cassandra-server, nothing else
   * @param progress told what the start waits for
   * @throws NodeException if it cannot run: wrong Java, port taken, folder in use, died, too slow
   * @throws InterruptedException if interrupted; then no node is left
   */
  public static LocalCassandra start(NodeSettings settings, Path libDir, Progress progress)
      throws NodeException, InterruptedException {
    JavaRuntime java = JavaRuntime.at(settings.javaHome());
    List<Path> jars = StartChecks.jarsIn(libDir.toAbsolutePath().normalize());
    NodeFiles files = new NodeFiles(settings.dataDir());
    files.createFolders();
    StartChecks.awaitUnused(files, UNUSED_BOUND, progress);
    StartChecks.checkPorts(settings);
    LocalCassandra node = launch(settings, files, java, jars);
    try {
      node.awaitAnswer(progress);
      return node;
    } catch (NodeException | InterruptedException | RuntimeException e) {
      node.kill();
      throw e;
    }
  }

  /** Where clients connect: {@code address:port}. */
  public String contactPoint() {
    return settings.contactPoint();
  }

  /** The process id of the node. */
  public long pid() {
    return process.pid();
  }

  /** Completes with the exit status when the node has ended, for whatever reason. */
  public CompletableFuture<Integer> whenTerminated() {
    return exit.copy();
  }

  /** Ends the node at once, as a crash would (SIGKILL). */
  public void kill() {
    process.destroyForcibly();
    exit.orTimeout(KILL_BOUND.toMillis(), TimeUnit.MILLISECONDS).handle((s, late) -> s).join();
  }

  /**
   * Stops the node: SIGTERM, and SIGKILL if it has not ended after 30 s. Takes some 4 s; the first
   * node on a machine writes its class archive then, which takes a few more.
   */
  @Override
  public void close() {
    process.destroy();
    boolean ended =
        exit.copy()
            .orTimeout(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)
            .handle((status, late) -> late == null)
            .join();
    if (ended) {
      archive.adopt();
    } else {
      kill();
    }
  }

  private static LocalCassandra launch(
      NodeSettings settings, NodeFiles files, JavaRuntime java, List<Path> jars)
      throws NodeException {
    try {
      ClassArchive archive =
          ClassArchive.of(settings.cacheDir(), java.identity(), jars, files.scratch());
      Files.deleteIfExists(archive.training());
      CommitLogTail.closeAll(files.commitLog());
      files.writeConfiguration(settings);
      files.writeJavaArguments(NodeCommand.arguments(settings, files, jars, archive, STOP_BOUND));
      Process process =
          new ProcessBuilder(java.executable().toString(), "@" + files.javaArguments())
              .directory(settings.dataDir().toFile())
              .redirectErrorStream(true)
              .redirectOutput(files.output().toFile())
              .start();
      return new LocalCassandra(settings, files, archive, process);
    } catch (IOException e) {
      throw new NodeException("cannot start Cassandra: " + FileReason.why(e), e);
    }
  }

  private void awaitAnswer(Progress progress) throws NodeException, InterruptedException {
    InetSocketAddress node = new InetSocketAddress(settings.listenAddress(), settings.cqlPort());
    Waiting waiting =
        new Waiting(settings.startBound(), progress, "Cassandra to answer on " + contactPoint());
    while (!CqlProbe.answers(node)) {
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw died();
      }
      if (waiting.isOver()) {
        throw new NodeException(
            "Cassandra did not answer on "
                + contactPoint()
                + " within "
                + settings.startBound().toSeconds()
                + " s; see "
                + files.log());
      }
    }
  }

  private NodeException died() {
    int status = process.exitValue();
    if (status == EXIT_LOCKED) {
      return StartChecks.inUse(files);
    }
    return new NodeException(
        "Cassandra ended with status "
            + status
            + " while it started; the last lines of "
            + files.log()
            + ":\n"
            + files.lastWords(LAST_WORDS_LINES));
  }

  private static void closeQuietly(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The process at the other end is gone; there is nothing to lose.
    }
  }
}
