package io.sterna.controller;

import io.sterna.controller.audit.ArchiveSettings;
import io.sterna.controller.audit.AuditReading;
import io.sterna.controller.audit.AuditSettings;
import io.sterna.controller.audit.FollowedJournal;
import io.sterna.controller.audit.StoredJournal;
import io.sterna.controller.http.OperatorTokens;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.cassandra.ArchiveRegister;
import io.sterna.store.cassandra.Archiving;
import io.sterna.store.cassandra.CheckpointStore;
import io.sterna.store.cassandra.ClusterCharter;
import io.sterna.store.cassandra.JournalReader;
import io.sterna.store.cassandra.LatestEpochs;
import io.sterna.store.cassandra.SessionOnDemand;
import io.sterna.store.cassandra.WholeJournal;
import io.sterna.store.keys.FileReason;
import io.sterna.store.keys.KeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What reading and signing the record needs; connects to Cassandra when it is first used. Nobody
 * waits inside a lock: two that are first at once both make what one of them would do for.
 */
final class AuditParts implements AutoCloseable {
  /** So long who asks waits for Cassandra to be reachable. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ControllerSettings settings;
  private final SessionOnDemand session;
  private volatile @Nullable AuditReading reading;
  private volatile @Nullable FollowedJournal followed;
  private volatile @Nullable CheckpointStore store;

  AuditParts(ControllerSettings settings) {
    this.settings = settings;
    this.session =
        new SessionOnDemand(() -> settings.cassandra().sessionBuilder().buildAsync(), PATIENCE);
  }

  /**
   * @throws StartException naming the key whose file is wrong
   */
  static void checkFiles(ControllerSettings settings) throws StartException {
    for (Path each : settings.audit().publicKeys()) {
      try {
        KeyFiles.publicKey(each);
      } catch (IOException e) {
        throw new StartException("audit.public-keys", FileReason.of(each, e));
      }
    }
    Optional<Path> key = settings.audit().key();
    try {
      if (key.isPresent()) {
        KeyFiles.privateKey(key.get());
      }
    } catch (IOException e) {
      throw new StartException("audit.checkpoint-key", FileReason.of(key.orElseThrow(), e));
    }
    Optional<Path> folder = settings.audit().archive().map(ArchiveSettings::folder);
    if (folder.isPresent() && Files.exists(folder.get()) && !Files.isDirectory(folder.get())) {
      throw new StartException("audit.archive.folder", folder.get() + ": is no folder");
    }
  }

  /**
   * Whose token is whose.
   *
   * @throws StartException if the file is wrong
   */
  static OperatorTokens operators(ControllerSettings settings) throws StartException {
    Optional<Path> file = settings.operatorsFile();
    try {
      return file.isPresent() ? OperatorTokens.of(file.get()) : OperatorTokens.none();
    } catch (IOException e) {
      throw new StartException("http.operators-file", FileReason.of(file.orElseThrow(), e));
    }
  }

  /** Empty if this controller signs nothing. */
  Optional<PrivateKey> signingKey() {
    return settings.audit().key().map(AuditParts::read);
  }

  AuditReading reading() {
    AuditReading known = reading;
    if (known != null) {
      return known;
    }
    try {
      AuditReading made =
          new AuditReading(whole(), store(), publicKeys(settings.audit()), settings.audit().copy());
      reading = made;
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For those who follow the log. */
  FollowedJournal followed() {
    FollowedJournal known = followed;
    if (known != null) {
      return known;
    }
    FollowedJournal made =
        new StoredJournal(reading(), whole(), new LatestEpochs(session.get(), keyspace()));
    followed = made;
    return made;
  }

  CheckpointStore store() {
    CheckpointStore known = store;
    if (known != null) {
      return known;
    }
    CheckpointStore made = new CheckpointStore(session.get(), keyspace());
    store = made;
    return made;
  }

  private WholeJournal whole() {
    return new WholeJournal(
        new JournalReader(session.get(), keyspace()),
        new ArchiveRegister(session.get(), keyspace()),
        settings.audit().archive().map(each -> new ArchiveFolder(each.folder())));
  }

  /** Archives rows, into the folder of this controller. */
  Archiving archiving(ArchiveSettings archive, Archiving.Way way) {
    return new Archiving(session.get(), keyspace(), new ArchiveFolder(archive.folder()), way);
  }

  /** Who archives: one controller at a time. */
  CompletionStage<ClusterCharter> archiveCharter() {
    return ClusterCharter.open(session.get(), keyspace(), "audit-archive");
  }

  private String keyspace() {
    return settings.cassandra().keyspace();
  }

  @Override
  public void close() {
    session.close();
  }

  private static List<PublicKey> publicKeys(AuditSettings audit) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : audit.publicKeys()) {
      keys.add(KeyFiles.publicKey(file));
    }
    return keys;
  }

  private static PrivateKey read(Path file) {
    try {
      return KeyFiles.privateKey(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
