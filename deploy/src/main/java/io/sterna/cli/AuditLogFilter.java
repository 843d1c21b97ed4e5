package io.sterna.cli;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code audit log} leaves out. */
final class AuditLogFilter {
  @Option(names = "--address", paramLabel = "ADDRESS", description = "Only this address.")
  @Nullable IpAddress address;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only addresses in it.")
  @Nullable IpPrefix prefix;

  @Option(
      names = "--fe",
      paramLabel = "ID",
      description = "Only what this element claimed, got or lost.")
  @Nullable FeId fe;

  @Option(names = "--site", paramLabel = "SITE", description = "Only elements of this site.")
  @Nullable SiteId site;

  @Option(
      names = "--cause",
      converter = ArgumentTypes.Cause.class,
      paramLabel = "CAUSE",
      description = "announcement, probe, damping, silence, operator, restore or recovery.")
  @Nullable String cause;

  @Option(
      names = "--who",
      paramLabel = "ID",
      description = "Only what this element, operator or controller did.")
  @Nullable String who;

  @Option(
      names = "--reason",
      converter = ArgumentTypes.Reason.class,
      paramLabel = "WORD",
      description = "Only this reason or evidence: stale, damped, gratuitous-arp, ...")
  @Nullable String reason;

  @Option(
      names = "--what",
      converter = ArgumentTypes.What.class,
      paramLabel = "WORD",
      description = "Only bound, moved, released, refused, activated, ...")
  @Nullable String what;

  @Option(
      names = "--from",
      converter = ArgumentTypes.Time.class,
      paramLabel = "TIME",
      description = "Not before.")
  @Nullable String from;

  @Option(
      names = "--to",
      converter = ArgumentTypes.Time.class,
      paramLabel = "TIME",
      description = "Not after.")
  @Nullable String to;

  /** Says if an element or a site is not known, as what is gone from there may be on record. */
  String inventoryNote(ApiCommand api) throws OperationFailedException {
    return Inventory.note(
        api.client(), fe == null ? null : fe.value(), site == null ? null : site.value());
  }

  Map<String, String> asked() {
    Map<String, String> asked = new TreeMap<>();
    AuditCommand.put(asked, "address", address);
    AuditCommand.put(asked, "prefix", prefix);
    AuditCommand.put(asked, "fe", fe);
    AuditCommand.put(asked, "site", site);
    AuditCommand.put(asked, "cause", cause);
    AuditCommand.put(asked, "who", who);
    AuditCommand.put(asked, "reason", reason);
    AuditCommand.put(asked, "what", what);
    AuditCommand.put(asked, "from", from);
    AuditCommand.put(asked, "to", to);
    return asked;
  }
}
