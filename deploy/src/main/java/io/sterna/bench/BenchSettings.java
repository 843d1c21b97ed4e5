package io.sterna.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How figures are measured.
 *
 * @param folder where each experiment makes a folder of its own and removes it again; its disk is
 *     the one that Cassandra writes to
 * @param version of this program
 * @param warmUp load before measuring: Java has compiled what matters by then
 * @param settle load at the measured rate between warm-up and measuring, where they differ
 * @param duration how long each experiment measures
 * @param stall how long an element stalls where one does
 * @param vms virtual machines
 * @param benches the jars of the JMH benches; empty if they are not here
 */
public record BenchSettings(
    Path folder,
    String version,
    Duration warmUp,
    Duration settle,
    Duration duration,
    Duration stall,
    int vms,
    Optional<Path> benches) {}
