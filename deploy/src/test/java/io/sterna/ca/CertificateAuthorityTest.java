package io.sterna.ca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.ca.CertificateAuthority.IssuedFiles;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {
  private final Terms year =
      new Terms(InstantSource.system().instant(), Duration.ofDays(365), false);
  private final Terms month = new Terms(year.now(), Duration.ofDays(30), false);
  private static final FeId FE1 = new FeId("fe1");

  @Test
  void itsCertificatesAreIdentities(@TempDir Path folder) throws Exception {
    CertificateAuthority.create(folder.resolve("ca"), "test", year);
    CertificateAuthority authority = CertificateAuthority.open(folder.resolve("ca"));
    IssuedFiles fe = authority.issue(FE1, folder.resolve("fe1"), month);
    IssuedFiles controller =
        authority.issue(
            new ControllerId("c1"),
            List.of("localhost"),
            List.of("127.0.0.1", "::1"),
            folder,
            month);
    assertEquals(new PeerName.ForwardingElement(FE1), load(fe).name());
    assertEquals(new PeerName.Controller(new ControllerId("c1")), load(controller).name());
    assertEquals(
        List.of(
            List.of(6, "urn:sterna:controller:c1"),
            List.of(2, "localhost"),
            List.of(7, "127.0.0.1"),
            List.of(7, "0:0:0:0:0:0:0:1")),
        List.copyOf(Pem.readCertificate(controller.certificate()).getSubjectAlternativeNames()));
  }

  @Test
  void keysAreForTheirOwnerOnlyAndNothingIsLeftOver(@TempDir Path folder) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder, "test", year);
    authority.issue(FE1, folder, month);
    assertEquals("rw-------", permissions(folder.resolve("ca.key")));
    assertEquals("rw-------", permissions(folder.resolve("fe1.key")));
    assertEquals("rw-r--r--", permissions(folder.resolve("fe1.pem")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("ca.key", "ca.pem", "fe1.key", "fe1.pem"),
          files.map(file -> String.valueOf(file.getFileName())).sorted().toList());
    }
  }

  @Test
  void nothingIsOverwrittenUnlessForced(@TempDir Path folder) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder, "test", year);
    IssuedFiles files = authority.issue(FE1, folder, month);
    byte[] before = Files.readAllBytes(files.key());
    refused("ca.pem: exists", () -> CertificateAuthority.create(folder, "test", year));
    refused("fe1.pem: exists", () -> authority.issue(FE1, folder, month));
    Files.delete(files.certificate());
    refused("fe1.key: exists", () -> authority.issue(FE1, folder, month));
    assertArrayEquals(before, Files.readAllBytes(files.key()));
    load(authority.issue(FE1, folder, new Terms(month.now(), month.validity(), true)));
  }

  @Test
  void anotherAuthorityBesideIsNotReplaced(@TempDir Path folder) throws Exception {
    CertificateAuthority.create(folder, "first", year);
    CertificateAuthority other =
        CertificateAuthority.create(folder.resolve("other"), "second", year);
    refused("ca.pem: exists", () -> other.issue(FE1, folder, month));
    assertTrue(Files.notExists(folder.resolve("fe1.key")));
  }

  @Test
  void aCertificateEndsNoLaterThanItsAuthority(@TempDir Path folder) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder, "test", month);
    refused("would outlive its authority", () -> authority.issue(FE1, folder, year));
  }

  @Test
  void anExpiredCertificateIsNoIdentity(@TempDir Path folder) throws Exception {
    Terms past = new Terms(year.now().minus(Duration.ofDays(60)), Duration.ofDays(30), false);
    IssuedFiles files = CertificateAuthority.create(folder, "test", year).issue(FE1, folder, past);
    TlsFileException expired = assertThrows(TlsFileException.class, () -> load(files));
    assertTrue(String.valueOf(expired.getMessage()).contains("fe1.pem: expired at"));
  }

  @Test
  void aForeignKeyIsFoundBeforeAnythingIsWritten(@TempDir Path folder) throws Exception {
    CertificateAuthority.create(folder, "test", year);
    CertificateAuthority.create(folder.resolve("other"), "test", year);
    Files.delete(folder.resolve("ca.key"));
    refused("ca.key: does not exist", () -> CertificateAuthority.open(folder));
    Files.copy(folder.resolve("other/ca.key"), folder.resolve("ca.key"));
    CertificateAuthority mixed = CertificateAuthority.open(folder);
    refused("fe1.pem: cannot be made", () -> mixed.issue(FE1, folder, month));
    assertTrue(Files.notExists(folder.resolve("fe1.pem")));
    Files.writeString(folder.resolve("ca.pem"), "hello");
    refused("ca.pem: is not a PEM file", () -> CertificateAuthority.open(folder));
  }

  @Test
  void aPartsCertificateIsNoAuthority(@TempDir Path folder) throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder, "test", year);
    IssuedFiles fe = authority.issue(FE1, folder, month);
    Path posing = Files.createDirectory(folder.resolve("posing"));
    Files.copy(fe.certificate(), posing.resolve("ca.pem"));
    Files.copy(fe.key(), posing.resolve("ca.key"));
    refused("is not the certificate of an authority", () -> CertificateAuthority.open(posing));
  }

  private interface Attempt {
    void run() throws AuthorityException;
  }

  private static void refused(String reason, Attempt attempt) {
    String message =
        String.valueOf(assertThrows(AuthorityException.class, attempt::run).getMessage());
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count(), message);
  }

  private static TlsIdentity load(IssuedFiles files) throws TlsFileException {
    return TlsIdentity.load(files.certificate(), files.key(), files.authority());
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
