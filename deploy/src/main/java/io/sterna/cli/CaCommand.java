package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.ca.AuthorityException;
import io.sterna.ca.CertificateAuthority;
import io.sterna.ca.CertificateAuthority.IssuedFiles;
import io.sterna.ca.CertificateAuthority.Terms;
import io.sterna.ca.CertificateSummary;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna ca}: the certificates that say who is who. */
@Command(
    name = "ca",
    description = "Make an authority, and the certificates that say who is who.",
    footer = {
      "",
      "Examples:",
      "  sterna ca init --out ca",
      "  sterna ca issue controller c1 --ca ca --out c1",
      "  sterna ca issue fe fe1 --ca ca --out fe1",
      "  sterna ca show fe1/fe1.pem"
    })
final class CaCommand {
  private final ApiCommand output;
  private final InstantSource clock;

  CaCommand(ApiCommand output, InstantSource clock) {
    this.output = output;
    this.clock = clock;
  }

  /** What all commands that write files share. */
  static final class Writing {
    @Option(
        names = "--out",
        required = true,
        paramLabel = "DIR",
        description = "Where the files go; made if it is missing.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Path out;

    @Option(names = "--force", description = "Overwrite existing files.")
    boolean force;
  }

  @Command(
      name = "init",
      description = "Make a new authority: DIR/ca.pem and DIR/ca.key. Keep the key to yourself.",
      footer = {
        "",
        "Examples:",
        "  sterna ca init --out ca",
        "  sterna ca init --out ca --days 730"
      })
  int init(
      @Mixin Writing writing,
      @Option(
              names = "--name",
              converter = ArgumentTypes.CommonName.class,
              defaultValue = "Sterna authority",
              description = "Its common name. Default: ${DEFAULT-VALUE}.")
          String name,
      @Option(
              names = "--days",
              defaultValue = "3650",
              description = "Valid for so many days. Default: ${DEFAULT-VALUE}.")
          Days days)
      throws AuthorityException {
    CertificateAuthority.create(writing.out, name, terms(days, writing));
    written(writing.out.resolve(CertificateAuthority.CERTIFICATE_FILE));
    return ExitStatus.DONE;
  }

  /** {@code sterna ca issue}. */
  @Command(
      name = "issue",
      description = "Issue ID.pem and ID.key, with ca.pem beside.",
      footer = {
        "",
        "Examples:",
        "  sterna ca issue controller c1 --ca ca --out c1 --ip 10.0.0.5 --dns c1.example.net",
        "  sterna ca issue fe fe1 --ca ca --out fe1"
      })
  static final class Issue {
    private final CaCommand ca;

    Issue(CaCommand ca) {
      this.ca = ca;
    }

    @Command(
        name = "fe",
        description = "Issue the certificate of a forwarding element.",
        footer = {"", "Examples:", "  sterna ca issue fe fe1 --ca ca --out fe1"})
    int fe(
        @Parameters(paramLabel = "ID", description = "Its name: a-z, 0-9 and hyphens.") FeId id,
        @Option(names = "--ca", required = true, paramLabel = "DIR", description = "The authority.")
            Path authority,
        @Mixin Writing writing,
        @Option(
                names = "--days",
                defaultValue = "365",
                description = "Valid for so many days. Default: ${DEFAULT-VALUE}.")
            Days days)
        throws AuthorityException {
      ca.written(
          CertificateAuthority.open(authority).issue(id, writing.out, ca.terms(days, writing)));
      return ExitStatus.DONE;
    }

    @Command(
        name = "controller",
        description = "Issue the certificate of a controller.",
        footer = {
          "",
          "Examples:",
          "  sterna ca issue controller c1 --ca ca --out c1 --ip 10.0.0.5"
        })
    int controller(
        @Parameters(paramLabel = "ID", description = "Its name: a-z, 0-9 and hyphens.")
            ControllerId id,
        @Option(names = "--ca", required = true, paramLabel = "DIR", description = "The authority.")
            Path authority,
        @Mixin Writing writing,
        @Option(
                names = "--days",
                defaultValue = "365",
                description = "Valid for so many days. Default: ${DEFAULT-VALUE}.")
            Days days,
        @Option(
                names = "--dns",
                converter = ArgumentTypes.HostName.class,
                paramLabel = "NAME",
                defaultValue = "localhost",
                description = "Host names it answers to. Default: ${DEFAULT-VALUE}.")
            List<String> dnsNames,
        @Option(
                names = "--ip",
                paramLabel = "ADDRESS",
                defaultValue = "127.0.0.1",
                description = "Addresses it answers to. Default: ${DEFAULT-VALUE}.")
            List<IpAddress> addresses)
        throws AuthorityException {
      ca.written(
          CertificateAuthority.open(authority)
              .issue(id, dnsNames, texts(addresses), writing.out, ca.terms(days, writing)));
      return ExitStatus.DONE;
    }
  }

  private static List<String> texts(List<IpAddress> addresses) {
    return addresses.stream().map(IpAddress::toString).toList();
  }

  @Command(
      name = "show",
      description = "Show what a certificate says.",
      footer = {"", "Examples:", "  sterna ca show fe1/fe1.pem --output json"})
  int show(@Parameters(paramLabel = "FILE", description = "A PEM certificate.") Path file)
      throws AuthorityException {
    CertificateSummary summary = CertificateSummary.read(file);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("name", summary.name());
    answer.put("subject", summary.subject());
    answer.put("issuer", summary.issuer());
    answer.put("authority", summary.authority());
    answer.put("validFrom", summary.validFrom().toString());
    answer.put("validUntil", summary.validUntil().toString());
    answer.put("expired", summary.validUntil().isBefore(clock.instant()));
    answer.put("sha256", summary.sha256());
    output.show(answer, CaCommand::fields);
    return ExitStatus.DONE;
  }

  private static Table fields(JsonNode answer) {
    Table table = new Table("FIELD", "VALUE");
    answer.fieldNames().forEachRemaining(name -> table.row(name, Json.cell(answer, name)));
    return table;
  }

  private Terms terms(Days days, Writing writing) {
    return new Terms(clock.instant(), Duration.ofDays(days.count()), writing.force);
  }

  private void written(IssuedFiles files) {
    written(files.certificate());
  }

  private void written(Path certificate) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("certificate", certificate.toString());
    answer.put("key", certificate.toString().replaceAll("\\.pem$", ".key"));
    output.show(answer, CaCommand::fields);
  }
}
