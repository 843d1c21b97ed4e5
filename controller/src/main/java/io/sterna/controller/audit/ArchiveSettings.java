package io.sterna.controller.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where old rows of the journal go, and when.
 *
 * @param folder of the files
 * @param every how often rows are archived; empty = when it is asked for
 * @param olderThan how old rows must be, unless who asks says otherwise
 * @param pause after each piece of work, so that Cassandra serves others as well
 */
public record ArchiveSettings(
    Path folder, Optional<Duration> every, Duration olderThan, Duration pause) {}
