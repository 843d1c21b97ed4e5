package io.sterna.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How figures are measured.
 *
 * @param folder where each experiment makes a folder of its own and removes it again; its disk is
 *     the one that Cassandra writes to
 * @param version of this program
 * @param warmUp load before measuring: Java has compiled what matters by then
 * @param duration how long each experiment measures
 * @param vms virtual machines
 */
public record BenchSettings(
    Path folder, String version, Duration warmUp, Duration duration, int vms) {}
