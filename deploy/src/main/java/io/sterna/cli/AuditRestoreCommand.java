package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.protocol.IpPrefix;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sterna audit restore}: the table of a past moment, brought back by ordinary changes. */
@Command(
    name = "restore",
    description = {
      "Bring the table back to a past moment: each address that leads elsewhere now is changed, on",
      "record, with who and why. Shows the changes first, and makes exactly these; an address that",
      "changed meanwhile is refused as stale and left as it is. Asked to confirm, unless --yes or",
      "--confirm says so; without a terminal, or with --output json, which shows only what was made, one",
      "of them is needed (else exit status 2).",
      "It changes the table, not where virtual machines are: one that runs elsewhere and speaks",
      "claims its place again, as ever. Elements that are not in the inventory any more, and what",
      "known-vms forbids, are refused; damping, rates and full sites are not asked about.",
      "Exit status 1 if anything was refused."
    },
    footer = {
      "",
      "Examples:",
      "  sterna audit restore --at 10m --dry-run",
      "  sterna audit restore --at 2026-11-28T14:00:00Z --prefix 10.10.0.0/20 --why 'bad script'",
      "  sterna audit restore --at 10m --confirm 12 --token-file ann.token"
    })
final class AuditRestoreCommand implements Callable<Integer> {
  /** A million rows are for files. */
  private static final int SHOWN_MAX = 1_000;

  private static final int PROGRESS_EVERY = 10_000;

  private final ApiCommand api;
  private final Confirmation confirmation;

  @Option(
      names = "--at",
      required = true,
      converter = ArgumentTypes.Time.class,
      paramLabel = "TIME",
      description = "The moment.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String at;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only addresses in it.")
  private @Nullable IpPrefix prefix;

  @Option(names = "--dry-run", description = "Only show the changes.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Make them, however many there are.")
  private boolean yes;

  @Option(names = "--confirm", paramLabel = "N", description = "Make them if there are exactly N.")
  private @Nullable Long confirm;

  @Option(
      names = "--why",
      converter = ArgumentTypes.Why.class,
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Put on record with each change: one line, 200 characters at most.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String why;

  AuditRestoreCommand(ApiCommand api, Confirmation confirmation) {
    this.api = api;
    this.confirmation = confirmation;
  }

  @Override
  public Integer call() throws OperationFailedException {
    JsonNode plan = plan();
    long changes = plan.path("changes").asLong();
    if (dryRun || changes == 0) {
      api.note(changes == 0 ? "there is nothing to change" : changes + " changes would be made");
      return ExitStatus.DONE;
    }
    if (!isConfirmed(changes)) {
      return ExitStatus.BAD_USAGE;
    }
    return make(plan);
  }

  private JsonNode plan() throws OperationFailedException {
    ObjectNode asked = Json.MAPPER.createObjectNode().put("at", at).put("dryRun", true);
    if (prefix != null) {
      asked.put("prefix", prefix.toString());
    }
    // JSON is one document: the changes as they would be, or, if they are made, as they were.
    RestoreList list =
        dryRun || !api.json()
            ? new RestoreList(api, SHOWN_MAX, RestoreList.PLANNED)
            : RestoreList.silent(api);
    return list.read(lines -> api.client().restore(asked, lines), line -> line.has("plan"));
  }

  private boolean isConfirmed(long changes) {
    if (confirm != null) {
      if (confirm != changes) {
        api.note(
            "sterna audit restore: there are %d changes, not %d: nothing was made"
                .formatted(changes, confirm));
      }
      return confirm == changes;
    }
    if (yes) {
      return true;
    }
    if (api.json()) {
      api.note(
          "sterna audit restore: --output json does not show the "
              + changes
              + " changes first: --confirm "
              + changes
              + " or --yes; nothing was made");
      return false;
    }
    Optional<String> answer = confirmation.ask("make these " + changes + " changes? (yes) ");
    if (answer.isEmpty()) {
      api.note(
          "sterna audit restore: nobody is there to confirm "
              + changes
              + " changes: --confirm "
              + changes
              + " or --yes; nothing was made");
    } else if (!answer.get().equals("yes")) {
      api.note("nothing was made");
    }
    return answer.filter("yes"::equals).isPresent();
  }

  private int make(JsonNode plan) throws OperationFailedException {
    ObjectNode asked = Json.MAPPER.createObjectNode();
    asked.put("dryRun", false).put("plan", plan.path("plan").asText()).put("why", why);
    RestoreList list =
        new RestoreList(api, SHOWN_MAX, RestoreList.REFUSED).withProgress(PROGRESS_EVERY);
    JsonNode sum = list.read(lines -> api.client().restore(asked, lines), each -> each.has("made"));
    JsonNode refused = sum.path("refused");
    String reasons =
        refused.properties().stream()
            .map(each -> each.getKey() + " " + each.getValue().asLong())
            .collect(Collectors.joining(", "));
    long refusals =
        StreamSupport.stream(refused.spliterator(), false).mapToLong(JsonNode::asLong).sum();
    api.note(
        "%d made, %d were so already, %d refused%s"
            .formatted(
                sum.path("made").asLong(),
                sum.path("already").asLong(),
                refusals,
                reasons.isEmpty() ? "" : " (" + reasons + ")"));
    return refusals == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  }
}
