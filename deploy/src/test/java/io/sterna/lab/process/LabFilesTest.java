package io.sterna.lab.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.sterna.agent.AgentSettings;
import io.sterna.controller.ControllerSettings;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lab writes is what controllers and agents accept. */
class LabFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final LabPlan plan = LabPlan.standard("test");

  private LabFiles files() {
    LabSettings settings =
        new LabSettings("test", folder, folder.resolve("work"), LabPorts.standard(), List.of());
    return new LabFiles(settings, plan);
  }

  @Test
  void controllersAcceptTheirFiles() throws Exception {
    LabFiles files = files();
    files.write();
    assertEquals(3, files.controllers().size());
    for (ControllerId id : files.controllers()) {
      Path file = files.configOf(id);
      ControllerSettings settings =
          ControllerSettings.from(
              ConfigFactory.parseFile(file.toFile())
                  .withFallback(ConfigFactory.defaultReference())
                  .resolve(),
              Objects.requireNonNull(file.getParent()));
      assertEquals(id, settings.id());
      assertEquals(3, settings.forwardingElements().size());
      assertEquals(3, settings.cluster().seeds().size());
      ControllerSettings.Tls tls = settings.tls();
      assertEquals(
          "urn:sterna:controller:" + id,
          TlsIdentity.load(tls.certificate(), tls.key(), tls.authority()).name().uri());
    }
  }

  @Test
  void agentsAcceptTheirFiles() throws Exception {
    LabFiles files = files();
    files.write();
    for (Site site : plan.sites()) {
      Path file = files.configOf(site);
      AgentSettings settings =
          AgentSettings.from(
              ConfigFactory.parseFile(file.toFile()).resolve(),
              Objects.requireNonNull(file.getParent()));
      assertEquals(site.fe(), settings.id());
      assertEquals(plan.namespace(site), settings.dataPlane().networkNamespace());
      AgentSettings.TlsFiles tls = settings.tls();
      assertEquals(
          "urn:sterna:fe:" + site.fe(),
          TlsIdentity.load(tls.certificate(), tls.key(), tls.authority()).name().uri());
    }
  }

  @Test
  void writesAfreshButKeepsTheClassArchive() throws Exception {
    LabFiles files = files();
    files.write();
    Path archive = files.cassandraData().resolve("cache/archive.jsa");
    Path data = files.cassandraData().resolve("data/table");
    for (Path file : List.of(archive, data, files.log("c1"))) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, "old");
    }
    files.write();
    assertTrue(Files.exists(archive));
    assertFalse(Files.exists(data));
    assertFalse(Files.exists(files.log("c1")));
    files.remove();
    assertTrue(Files.exists(archive));
    assertFalse(Files.exists(files.configOf(plan.sites().get(0))));
  }
}
