package io.sterna.lab.fault;

import io.sterna.ca.AuthorityException;
import io.sterna.ca.CertificateAuthority;
import io.sterna.lab.LabException;
import io.sterna.lab.topology.LabPlan;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Configuration, certificates, scenario, logs and data of a fault lab, all below one folder. */
record FaultFiles(Path folder) {
  private static final Duration VALIDITY = Duration.ofDays(1);

  Path config(String name) {
    return folder.resolve("conf").resolve(name + ".conf");
  }

  Path log(String name) {
    return logs().resolve(name + ".log");
  }

  Path logs() {
    return folder.resolve("log");
  }

  Path storeData() {
    return folder.resolve("cassandra");
  }

  Path scenario() {
    return folder.resolve("conf/load.yaml");
  }

  /**
   * Writes everything that a lab starts from; nothing of an earlier one remains, except Cassandra's
   * class archive, which halves the time of the next start.
   */
  void write() throws LabException {
    Path conf = folder.resolve("conf");
    try {
      remove();
      Files.createDirectories(conf);
      Files.createDirectories(logs());
      CertificateAuthority.Terms terms =
          new CertificateAuthority.Terms(InstantSource.system().instant(), VALIDITY, false);
      CertificateAuthority.Terms authorityTerms =
          new CertificateAuthority.Terms(terms.now(), VALIDITY.multipliedBy(2), false);
      CertificateAuthority authority =
          CertificateAuthority.create(conf.resolve("ca"), "Sterna faults", authorityTerms);
      for (ControllerId id : FaultPlan.controllers()) {
        String address = FaultPlan.node(id).address().toString();
        authority.issue(id, List.of(), List.of(address), conf, terms);
        Files.writeString(config(id.value()), controllerText(id));
      }
      for (FeId id : elements()) {
        authority.issue(id, conf, terms);
      }
      Files.writeString(config(FaultPlan.agent().value()), agentText());
    } catch (AuthorityException | IOException e) {
      throw new LabException("cannot write the files of the lab: " + e.getMessage(), e);
    }
  }

  private void remove() throws IOException {
    Path archive = storeData().resolve("cache");
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.startsWith(archive) && !archive.startsWith(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Writes what the load does. */
  void writeScenario(LoadShape shape, long seed) throws LabException {
    try {
      Files.writeString(
          scenario(),
          """
          controllers: [%s]
          tls: { authority: ca.pem, certificate-folder: . }
          fes: %d
          vms: %d
          prefix: %s
          arrival-rate-per-second: %d
          mobility: %s
          duration: %ds
          seed: %d
          """
              .formatted(
                  endpoints(FaultPlan.SOUTHBOUND_PORT),
                  FaultPlan.emulated().size(),
                  shape.vms(),
                  FaultPlan.MOBILE,
                  shape.ratePerSecond(),
                  shape.mobility(),
                  LoadShape.LONGEST.toSeconds(),
                  seed));
    } catch (IOException e) {
      throw new LabException("cannot write " + scenario() + ": " + FileReason.why(e), e);
    }
  }

  private static List<FeId> elements() {
    List<FeId> all = new ArrayList<>(FaultPlan.emulated());
    all.add(FaultPlan.agent());
    return all;
  }

  private static String endpoints(int port) {
    return FaultPlan.nodesOf(FaultPlan.controllers()).stream()
        .map(node -> "\"" + node.address() + ":" + port + "\"")
        .collect(Collectors.joining(", "));
  }

  private static String controllerText(ControllerId id) {
    String own = FaultPlan.node(id).address().toString();
    String inventory =
        elements().stream()
            .map(
                fe ->
                    "    { id = %s, site = site-%s, underlay = \"%s\" }"
                        .formatted(fe, fe, FaultPlan.underlay(fe)))
            .collect(Collectors.joining("\n"));
    return """
        sterna.controller {
          id = %1$s
          cluster { host = "%2$s", port = %3$d, seeds = [%4$s] }
          southbound { host = "%2$s", port = %5$d }
          http { host = "%2$s", port = %6$d }
          tls { certificate = %1$s.pem, key = %1$s.key, authority = ca.pem }
          mobile-prefixes = [ { prefix = "%7$s", range-length = %8$d } ]
          forwarding-elements = [
        %9$s
          ]
          cassandra { contact-points = ["%10$s:%11$d"] }
        }
        """
        .formatted(
            id,
            own,
            FaultPlan.CLUSTER_PORT,
            endpoints(FaultPlan.CLUSTER_PORT),
            FaultPlan.SOUTHBOUND_PORT,
            FaultPlan.HTTP_PORT,
            FaultPlan.MOBILE,
            FaultPlan.RANGE_LENGTH,
            inventory,
            FaultPlan.STORE.address(),
            FaultPlan.CQL_PORT);
  }

  private static String agentText() {
    return """
        sterna.fe {
          id = %1$s
          controllers = [%2$s]
          tls { certificate = %1$s.pem, key = %1$s.key, authority = ca.pem }
          data-plane { bridge = %3$s }
        }
        """
        .formatted(FaultPlan.agent(), endpoints(FaultPlan.SOUTHBOUND_PORT), LabPlan.BRIDGE);
  }
}
