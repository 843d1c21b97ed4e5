package io.sterna.controller.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is signed, and whose signature is believed.
 *
 * @param key signs checkpoints; empty = this controller signs none
 * @param publicKeys whose signatures are believed
 * @param interval between two checkpoints
 * @param copy where each checkpoint that this controller makes is written as well, out of reach of
 *     who can write to Cassandra
 * @param follow what readers that follow the log may cost
 * @param archive where old rows go; empty = this controller reads and writes no archive
 */
public record AuditSettings(
    Optional<Path> key,
    List<Path> publicKeys,
    Duration interval,
    Optional<Path> copy,
    FollowSettings follow,
    Optional<ArchiveSettings> archive) {
  /** A copy that cannot be changed. */
  public AuditSettings {
    publicKeys = List.copyOf(publicKeys);
  }
}
