package io.sterna.store.cassandra;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The arguments of the Java process that is a node. */
final class NodeCommand {
  static final String MAIN = "io.sterna.cassandra.CassandraMain";

  /** What Cassandra 5.0 needs to reach into on Java 17: from its conf/jvm17-server.options. */
  private static final List<String> ACCESS =
      List.of(
          "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-exports=java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED",
          "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
          "--add-exports=java.rmi/sun.rmi.server=ALL-UNNAMED",
          "--add-exports=java.sql/java.sql=ALL-UNNAMED",
          "--add-exports=java.base/java.lang.ref=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.attach/sun.tools.attach=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.module=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.reflect=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.math=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.module=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.util.jar=ALL-UNNAMED",
          "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "-Djdk.attach.allowAttachSelf=true",
          "-Dio.netty.tryReflectionSetAccessible=true");

  /** A node that is alone need not wait for others before it answers. */
  private static final List<String> ALONE =
      List.of(
          "-Dcassandra.ring_delay_ms=0",
          "-Dcassandra.skip_wait_for_gossip_to_settle=0",
          "-Dcassandra.superuser_setup_delay_ms=0",
          "-Dcassandra.disable_auth_caches_remote_configuration=true");

  private static final int HEAP_MEBIBYTES_FIRST = 160;

  private NodeCommand() {}

  static List<String> arguments(
      NodeSettings settings,
      NodeFiles files,
      List<Path> jars,
      ClassArchive archive,
      Duration stopBound) {
    List<String> arguments = new ArrayList<>();
    archive
        .usable()
        .ifPresentOrElse(
            usable -> arguments.add("-XX:SharedArchiveFile=" + usable),
            () -> arguments.add("-XX:ArchiveClassesAtExit=" + archive.training()));
    // An archive that does not fit is ignored in silence, as it should be.
    arguments.addAll(List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"));
    arguments.addAll(heap(settings.heapMebibytes()));
    // The shared file of these counters is written to disk, and a write can stall every thread.
    arguments.add("-XX:-UsePerfData");
    // A system call for each task, to give threads the name of what they do at the moment.
    arguments.add("-Dcassandra.set_sep_thread_name=false");
    arguments.addAll(ACCESS);
    arguments.addAll(ALONE);
    if (settings.jmxPort() != 0) {
      arguments.add("-Dcassandra.jmx.local.port=" + settings.jmxPort());
    }
    arguments.add("-Dcassandra-foreground=yes");
    arguments.add("-Dcassandra.config=" + files.yaml().toUri());
    arguments.add("-Dlogback.configurationFile=" + files.logback().toUri());
    arguments.add("-Dcassandra.storagedir=" + files.data());
    arguments.add("-Dcassandra.logdir=" + files.log());
    arguments.add("-Dcassandra.triggers_dir=" + files.data().resolve("triggers"));
    arguments.add("-Djava.io.tmpdir=" + files.scratch());
    arguments.add("-Dsterna.cassandra.lock=" + files.lock());
    arguments.add("-Dsterna.cassandra.stop-bound-ms=" + stopBound.toMillis());
    arguments.add("-cp");
    arguments.add(
        jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    arguments.add(MAIN);
    return arguments;
  }

  /**
   * Pauses that a move hardly notices. Half of the heap is there from the start (as root, Cassandra
   * locks it into memory): else everything is collected twice a minute, which takes 120 ms. What
   * outlives a collection is what memtables hold, for long: the next one takes it out of the young
   * space.
   */
  private static List<String> heap(int mebibytes) {
    return List.of(
        "-XX:+UseSerialGC",
        "-Xms" + Math.max(HEAP_MEBIBYTES_FIRST, mebibytes / 2) + "m",
        "-Xmx" + mebibytes + "m",
        "-Xmn48m",
        "-XX:MaxTenuringThreshold=1",
        "-XX:MetaspaceSize=96m",
        "-XX:+ExitOnOutOfMemoryError");
  }
}
