package io.sterna.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.ca.CertificateAuthority;
import io.sterna.cli.ConfigFile;
import io.sterna.controller.Controller;
import io.sterna.controller.ControllerSettings;
import io.sterna.lab.LabPorts;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A controller in this JVM, with a keyspace of its own, that emulated elements put load on. */
final class LoadedController implements AutoCloseable {
  private final Path folder;
  private final int fes;
  private final LabPorts ports;
  private final String keyspace;
  private final Controller controller;

  /**
   * Starts it.
   *
   * @param folder for certificates and files
   * @param store where it keeps everything
   * @param fes elements, {@code fe1} and so on, each at a site of its own
   * @param more configuration of the controller
   */
  LoadedController(Path folder, SharedStore store, int fes, String more) throws Exception {
    this.folder = folder;
    this.fes = fes;
    this.ports = store.of(LabPorts.free());
    this.keyspace = store.freeKeyspace();
    issueCertificates();
    Path config = Files.writeString(folder.resolve("c1.conf"), controllerFile(more));
    this.controller =
        Controller.start(
            ConfigFile.load(config, "sterna.controller").settings(ControllerSettings::from));
  }

  LabPorts ports() {
    return ports;
  }

  /** Where its API is. */
  String api() {
    return "http://" + LabPorts.HOST + ":" + ports.controllers().get(0).http();
  }

  /** Moves VMs about; the document of {@code sterna load run}. */
  JsonNode load(int vms, int ratePerSecond, Duration duration) throws Exception {
    String text =
        """
        controllers: ["%s:%d"]
        tls: { authority: ca.pem, certificate-folder: fes }
        fes: %d
        vms: %d
        prefix: 10.20.0.0/16
        arrival-rate-per-second: %d
        mobility: uniform
        warm-up: 2s
        duration: %dms
        seed: 1
        """
            .formatted(
                LabPorts.HOST,
                ports.controllers().get(0).southbound(),
                fes,
                vms,
                ratePerSecond,
                duration.toMillis());
    Path scenario = Files.writeString(folder.resolve("load.yaml"), text);
    return LoadRun.prepare(ScenarioFile.read(scenario), System::nanoTime, line -> {})
        .run()
        .toJson("test");
  }

  /** Ends the controller in order. */
  @Override
  public void close() {
    controller.close();
  }

  private void issueCertificates() throws Exception {
    CertificateAuthority.Terms terms =
        new CertificateAuthority.Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("ca"), "load", terms);
    authority.issue(new ControllerId("c1"), List.of(), List.of(LabPorts.HOST), folder, terms);
    for (int i = 1; i <= fes; i++) {
      authority.issue(new FeId("fe" + i), folder.resolve("fes"), terms);
    }
  }

  private String controllerFile(String more) {
    LabPorts.OfController own = ports.controllers().get(0);
    String elements =
        IntStream.rangeClosed(1, fes)
            .mapToObj(
                i -> "{ id = fe%d, site = site%d, underlay = 172.16.%d.1 }".formatted(i, i, i))
            .collect(Collectors.joining(", "));
    return """
        sterna.controller {
          id = c1
          cluster { host = "%1$s", port = %2$d, seeds = ["%1$s:%2$d"] }
          southbound { host = "%1$s", port = %3$d }
          http { host = "%1$s", port = %4$d }
          tls { certificate = c1.pem, key = c1.key, authority = ca.pem }
          mobile-prefixes = [ { prefix = "10.20.0.0/16", range-length = 20 } ]
          forwarding-elements = [ %5$s ]
          cassandra { contact-points = ["%1$s:%6$d"], keyspace = %7$s }
          %8$s
        }
        """
        .formatted(
            LabPorts.HOST,
            own.cluster(),
            own.southbound(),
            own.http(),
            elements,
            ports.cql(),
            keyspace,
            more);
  }
}
