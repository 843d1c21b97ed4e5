package io.sterna.lab.process;

import io.sterna.ca.AuthorityException;
import io.sterna.ca.CertificateAuthority;
import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.protocol.ControllerId;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files of a lab: configuration, certificates, logs and data. */
public final class LabFiles {
  private static final Duration VALIDITY = Duration.ofDays(30);

  private final LabSettings settings;
  private final LabPlan plan;

  /** The files of the lab of this plan. */
  public LabFiles(LabSettings settings, LabPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  /** The names of the controllers. */
  public List<ControllerId> controllers() {
    return IntStream.rangeClosed(1, settings.ports().controllers().size())
        .mapToObj(number -> new ControllerId("c" + number))
        .toList();
  }

  /** The configuration of a controller. */
  public Path configOf(ControllerId controller) {
    return folder().resolve(controller + ".conf");
  }

  /** The configuration of a site's forwarding element. */
  public Path configOf(Site site) {
    return folder().resolve(site.fe() + ".conf");
  }

  /** What a process says. */
  public Path log(String process) {
    return logFolder().resolve(process + ".log");
  }

  /** Where all the logs are. */
  public Path logFolder() {
    return settings.workDirectory().resolve("log");
  }

  /** Cassandra's data. */
  public Path cassandraData() {
    return settings.workDirectory().resolve("cassandra");
  }

  private Path folder() {
    return settings.workDirectory().resolve("conf");
  }

  /**
   * Writes everything afresh: no data, logs or keys of an earlier lab remain. Cassandra's class
   * archive does: it holds no data, and halves the time of the next start.
   *
   * @throws LabException if the folder cannot be written
   */
  public void write() throws LabException {
    try {
      remove();
      Files.createDirectories(folder());
      Files.createDirectories(logFolder());
      CertificateAuthority.Terms terms =
          new CertificateAuthority.Terms(InstantSource.system().instant(), VALIDITY, false);
      // Certificates may not outlive their authority, which is made a moment earlier.
      CertificateAuthority.Terms authorityTerms =
          new CertificateAuthority.Terms(terms.now(), VALIDITY.multipliedBy(2), false);
      CertificateAuthority authority =
          CertificateAuthority.create(folder().resolve("ca"), "Sterna lab", authorityTerms);
      List<ControllerId> controllers = controllers();
      for (int i = 0; i < controllers.size(); i++) {
        ControllerId id = controllers.get(i);
        authority.issue(id, List.of("localhost"), List.of(LabPorts.HOST), folder(), terms);
        Files.writeString(configOf(id), new ControllerFile(settings.ports(), plan).text(i));
      }
      for (Site site : plan.sites()) {
        authority.issue(site.fe(), folder(), terms);
        Files.writeString(configOf(site), new AgentFile(settings.ports(), plan).text(site));
      }
    } catch (AuthorityException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new LabException("cannot write the files of the lab: " + FileReason.why(e), e);
    }
  }

  /** Removes all that {@link #write} and the processes wrote, except Cassandra's class archive. */
  public void remove() throws IOException {
    Path archive = cassandraData().resolve("cache");
    if (!Files.exists(settings.workDirectory())) {
      return;
    }
    try (Stream<Path> files = Files.walk(settings.workDirectory())) {
      List<Path> deepestFirst = files.sorted((a, b) -> b.compareTo(a)).toList();
      for (Path file : deepestFirst) {
        boolean kept = file.startsWith(archive) || archive.startsWith(file);
        if (!kept) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
