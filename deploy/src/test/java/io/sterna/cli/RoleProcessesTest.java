package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.ca.CertificateAuthority;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.store.keys.KeyFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example files of the distribution, and every way to spoil them. */
final class RoleProcessesTest {
  private static final Path EXAMPLES = Path.of("src/main/distribution/conf");

  private final Path folder;
  private final RoleProcesses roles =
      new RoleProcesses(
          new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())));

  RoleProcessesTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Terms terms = new Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    CertificateAuthority authority = CertificateAuthority.create(folder, "test", terms);
    authority.issue(new ControllerId("c1"), List.of(), List.of(), folder, terms);
    authority.issue(new ControllerId("c2"), List.of(), List.of(), folder, terms);
    authority.issue(new FeId("fe1"), folder, terms);
  }

  @Test
  void theExamplesAreGood() throws Exception {
    assertEquals("controller c1", roles.check(example("controller.conf", "", "")));
    assertEquals("forwarding element fe1", roles.check(example("fe.conf", "", "")));
  }

  @Test
  void aControllersMistakesAreNamed() throws Exception {
    controllerRefused("10.10.0.0/16", "10.10.0.0/33", "mobile-prefixes[0].prefix: ");
    controllerRefused("fd0a:10::/112", "10.10.16.0/20", "mobile-prefixes[1].prefix: ");
    controllerRefused("range-length = 20", "range-length = 8", "mobile-prefixes[0].range-length: ");
    controllerRefused(
        "range-length = 20", "range-lenght = 20", "mobile-prefixes[0].range-lenght: ");
    controllerRefused("id = fe2", "id = fe1", "forwarding-elements[1].id: duplicate");
    controllerRefused("172.16.2.1", "172.16.2", "forwarding-elements[1].underlay: ");
    controllerRefused("site = site2, ", "", "forwarding-elements[1].site: is required");
    controllerRefused("southbound {", "southbuond {", "southbuond: unknown key; did you mean");
    controllerRefused("port = 8080", "port = 80800", "http.port: ");
    controllerRefused("c1.key", "c9.key", "tls.key: ");
    controllerRefused("c1.pem", "fe1.pem", "tls.key: ");
    controllerRefused("ca.pem", "c1.pem", "tls.authority: ");
    controllerRefused("id = c1", "id = c2", "tls.certificate: ");
    controllerRefused("keyspace = sterna", "keyspace = \"1 2\"", "cassandra: keyspace ");
  }

  @Test
  void filesThatAControllerRefusesAreNamed() throws Exception {
    Path key = folder.resolve("audit.key");
    KeyFiles.generate(key, folder.resolve("audit.key.pub"));
    String nope = folder.resolve("nope").toAbsolutePath() + ": does not exist";
    controllerRefused("http {", "http { operators-file = nope, ", "http.operators-file: " + nope);
    controllerRefused(
        "http {",
        "audit { public-keys = [audit.key.pub], checkpoint-key = ca.pem }, http {",
        "audit.checkpoint-key: " + folder.resolve("ca.pem").toAbsolutePath() + " has no PRIVATE");
    controllerRefused(
        "http {",
        "audit { public-keys = [audit.key] }, http {",
        "audit.public-keys: " + key.toAbsolutePath() + " has no PUBLIC KEY");
    controllerRefused(
        "http {",
        "audit { archive { folder = ca.pem } }, http {",
        "audit.archive.folder: " + folder.resolve("ca.pem").toAbsolutePath() + ": is no folder");
  }

  @Test
  void aForwardingElementsMistakesAreNamed() throws Exception {
    forwardingElementRefused("id = fe1", "id = FE_1", "id: ");
    forwardingElementRefused("id = fe1", "", "id: is required");
    forwardingElementRefused("02:00:5e:00:00:01", "02:00", "data-plane.gateway-mac: ");
    forwardingElementRefused(
        "tunnel-port = 4790",
        "tunnel-port = 0",
        "data-plane.tunnel-port: is 0, not within 1 to 65535 (line ");
    forwardingElementRefused(
        "vni = 100",
        "vni = 99999999",
        "data-plane.vni: is 99999999, not within 0 to 16777215 (line ");
    forwardingElementRefused("10.10.0.1/16", "10.10.0.1/99", "data-plane");
    forwardingElementRefused("127.0.0.1:4780", "127.0.0.1", "controllers: ");
    forwardingElementRefused(
        "vni = 100", "vnn = 100", "data-plane.vnn: unknown key; did you mean vni");
  }

  @Test
  void aTakenPortIsNamedAndNothingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "port = " + taken.getLocalPort();
      Path file = example("controller.conf", "port = 2551", port);
      String message = refusal(() -> roles.controller(file));
      assertTrue(message.startsWith(file + ": sterna.controller.cluster.port: port "), message);
      assertTrue(message.endsWith("is in use"), message);
    }
  }

  private void controllerRefused(String from, String to, String reason) throws Exception {
    refused("controller.conf", from, to, "sterna.controller." + reason);
  }

  private void forwardingElementRefused(String from, String to, String reason) throws Exception {
    refused("fe.conf", from, to, "sterna.fe." + reason);
  }

  private void refused(String name, String from, String to, String reason) throws Exception {
    Path file = example(name, from, to);
    String message = refusal(() -> roles.check(file));
    assertTrue(message.startsWith(file + ": " + reason), message);
    assertEquals(1, message.lines().count(), message);
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static String refusal(Attempt attempt) {
    return String.valueOf(assertThrows(ConfigFileException.class, attempt::run).getMessage());
  }

  private Path example(String name, String from, String to) throws Exception {
    String text = Files.readString(EXAMPLES.resolve(name));
    assertTrue(text.contains(from), from);
    return Files.writeString(
        folder.resolve(name), text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
  }
}
