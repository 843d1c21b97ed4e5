package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.audit.EntryId;
import io.sterna.controller.audit.Moments;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.keys.FileReason;
import io.sterna.store.keys.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sterna audit}: what happened, when and why, and that the record is whole. */
@Command(
    name = "audit",
    description = {
      "Who or what changed where a virtual machine is, when and why; the table of any past moment; and",
      "whether the record is whole. Everything comes from the journal itself, and its archive.",
      "Times: ISO 8601 (UTC unless an offset is given), now, or how long ago: 90s, 5m, 2h, 3d."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  sterna audit log --from 1h --what refused",
      "  sterna audit history 10.10.1.11",
      "  sterna audit at 2026-11-28T14:00:00Z --prefix 10.10.0.0/20",
      "  sterna audit restore --at 10m --dry-run",
      "  sterna audit verify",
      "  sterna audit export --out record.jsonl && sterna audit verify --file record.jsonl",
      "  sterna audit replay --from 1h --to 30m --speed max"
    })
final class AuditCommand {
  private static final Duration LONG_DAYS = Duration.ofDays(36_500);

  private static final int PAGE = 1_000;
  private static final int LOG_LIMIT = 200;

  private final ApiCommand api;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  AuditCommand(ApiCommand api) {
    this.api = api;
  }

  @Command(
      name = "log",
      description = {
        "What was recorded, oldest first: the first 200 entries, or the newest with --last. A site or an element with --limit reads on until it has enough;",
        "the cursor at the end of --output json continues where it stopped (--cursor).",
        "With --follow: what is recorded from now on (or from --from, or a cursor of --follow on) as it is",
        "recorded, range by range, until it is interrupted. Connections that end are taken up where they",
        "were: every entry is shown once. --output json writes lines: entries, and cursors behind them."
      },
      footer = {
        "",
        "Examples:",
        "  sterna audit log --from 15m",
        "  sterna audit log --last 20",
        "  sterna audit log --site site1 --what refused --reason stale --limit 50",
        "  sterna audit log --prefix 10.10.0.0/20 --from 2026-11-28 --output csv",
        "  sterna audit log --follow --what moved"
      })
  int log(
      @Mixin AuditLogFilter filter,
      @Option(
              names = "--limit",
              paramLabel = "N",
              description = "The most entries. Default: " + LOG_LIMIT + ".")
          @Nullable Integer limit,
      @Option(
              names = "--last",
              paramLabel = "N",
              description = "The newest N entries, oldest first.")
          @Nullable Integer last,
      @Option(names = "--follow", description = "Show what is recorded as it is recorded.")
          boolean follow,
      @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where to go on.")
          @Nullable String cursor)
      throws OperationFailedException {
    ordered(filter.from, filter.to);
    if (last != null) {
      if (limit != null || follow || cursor != null) {
        throw new ParameterException(
            spec.commandLine(), "--last goes without --limit, --cursor and --follow");
      }
      atLeastOne("--last", last);
      show(new NewestEntries(asked -> api.client().audit("log", asked), last).read(filter.asked()));
      return ExitStatus.DONE;
    }
    if (follow) {
      api.note(filter.inventoryNote(api));
      if (limit != null) {
        throw new ParameterException(spec.commandLine(), "--limit does not go with --follow");
      }
      return new AuditFollow(api, filter.asked(), cursor).run();
    }
    int most = atLeastOne("--limit", limit == null ? LOG_LIMIT : limit);
    JsonNode found = pages("log", filter.asked(), most, cursor);
    if (found.path("entries").isEmpty()) {
      api.note("no entry on record is like that");
      api.note(filter.inventoryNote(api));
    }
    show(found);
    return ExitStatus.DONE;
  }

  @Command(
      name = "history",
      description = "All that is on record of one address, oldest first.",
      footer = {"", "Examples:", "  sterna audit history 10.10.1.11 --output json"})
  int history(
      @Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") IpAddress address,
      @Option(
              names = "--limit",
              defaultValue = "10000",
              paramLabel = "N",
              description = "The most entries. Default: ${DEFAULT-VALUE}.")
          int limit,
      @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where to go on.")
          @Nullable String cursor)
      throws OperationFailedException {
    show(
        pages(
            "history/" + ApiClient.encoded(address.toString()),
            Map.of(),
            atLeastOne("--limit", limit),
            cursor));
    return ExitStatus.DONE;
  }

  @Command(
      name = "show",
      description = "One entry with all its fields, or all entries of a row.",
      footer = {
        "",
        "Examples:",
        "  sterna audit show 10.10.0.0/20:7.0",
        "  sterna audit show 10.10.0.0/20:7"
      })
  int show(@Parameters(paramLabel = "ID", description = "RANGE:ROW.INDEX or RANGE:ROW.") EntryId id)
      throws OperationFailedException {
    api.show(
        api.client().audit("entry", Map.of("id", id.toString())),
        answer -> {
          Table table = new Table("FIELD", "VALUE");
          for (JsonNode each : answer.path("entries")) {
            each.fieldNames().forEachRemaining(name -> table.row(name, Json.cell(each, name)));
          }
          return table;
        });
    return ExitStatus.DONE;
  }

  @Command(
      name = "at",
      description = {
        "Where every virtual machine was at a moment, rebuilt from the journal.",
        "A moment lies between two rows, which count wholly or not at all."
      },
      footer = {
        "",
        "Examples:",
        "  sterna audit at 10m",
        "  sterna audit at 2026-11-28T14:00:00+01:00 --prefix 10.10.0.0/20 --output csv"
      })
  int at(
      @Parameters(
              paramLabel = "TIME",
              converter = ArgumentTypes.Time.class,
              description = "The moment.")
          String time,
      @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only addresses in it.")
          @Nullable IpPrefix prefix)
      throws OperationFailedException {
    Map<String, String> asked = new TreeMap<>(Map.of("time", time));
    put(asked, "prefix", prefix);
    JsonNode answer = api.client().audit("at", asked);
    api.note(Json.cell(answer, "note"));
    api.show(answer, each -> past(each.path("bindings")));
    return ExitStatus.DONE;
  }

  @Command(
      name = "diff",
      description = "What was different between two moments.",
      footer = {
        "",
        "Examples:",
        "  sterna audit diff 1h now",
        "  sterna audit diff 2026-11-27 2026-11-28"
      })
  int diff(
      @Parameters(
              paramLabel = "T1",
              converter = ArgumentTypes.Time.class,
              description = "The earlier moment.")
          String from,
      @Parameters(
              paramLabel = "T2",
              converter = ArgumentTypes.Time.class,
              description = "The later one.")
          String to,
      @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only addresses in it.")
          @Nullable IpPrefix prefix)
      throws OperationFailedException {
    ordered(from, to);
    Map<String, String> asked = new TreeMap<>(Map.of("from", from, "to", to));
    put(asked, "prefix", prefix);
    api.show(
        api.client().audit("diff", asked),
        answer -> {
          Table table =
              new Table("ADDRESS", "FE BEFORE", "VERSION", "FE AFTER", "VERSION", "MAC", "RANGE");
          for (JsonNode each : answer.path("differences")) {
            JsonNode before = each.path("before");
            JsonNode after = each.path("after");
            table.row(
                Json.cell(each, "address"),
                Json.cell(before, "fe"),
                Json.cell(before, "version"),
                Json.cell(after, "fe"),
                Json.cell(after, "version"),
                Json.cell(after.isObject() ? after : before, "mac"),
                Json.cell(each, "range"));
          }
          return table;
        });
    return ExitStatus.DONE;
  }

  @Command(
      name = "verify",
      description = {
        "Check the whole record: each row against its hash and the row before it, archive files, snapshots,",
        "and what was signed. Names each row that is not as it was written. Exit status 1 if anything is wrong.",
        "With --file: an export, without any controller."
      },
      footer = {
        "",
        "Examples:",
        "  sterna audit verify",
        "  sterna audit verify --prefix 10.10.0.0/20 --output json",
        "  sterna audit verify --file record.jsonl --key audit.pub"
      })
  int verify(
      @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only ranges in it.")
          @Nullable IpPrefix prefix,
      @Option(names = "--file", paramLabel = "FILE", description = "An export.")
          @Nullable Path file,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              description = "With --file: a public key whose signatures are believed. Repeatable.")
          @Nullable List<Path> keys)
      throws OperationFailedException {
    if (file == null && keys != null) {
      throw new ParameterException(
          spec.commandLine(), "--key goes with --file: controllers have keys of their own");
    }
    if (file != null && prefix != null) {
      throw new ParameterException(spec.commandLine(), "--prefix does not go with --file");
    }
    Map<String, String> asked = new TreeMap<>();
    put(asked, "prefix", prefix);
    JsonNode answer =
        file == null
            ? api.client().audit("verify", asked)
            : AuditFile.verify(file, keys == null ? List.of() : keys);
    return new AuditReport(answer).show(api);
  }

  @Command(
      name = "export",
      description = {
        "The record as JSON lines: what it holds, checkpoints, rows as they are stored. Can be checked anywhere",
        "(verify --file)."
      },
      footer = {"", "Examples:", "  sterna audit export --out record.jsonl"})
  int export(
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE",
              description = "A file, which must not be there yet.")
          Path out,
      @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only ranges in it.")
          @Nullable IpPrefix prefix)
      throws OperationFailedException {
    if (Files.exists(out)) {
      throw new OperationFailedException(out + " exists already");
    }
    Map<String, String> asked = new TreeMap<>();
    put(asked, "prefix", prefix);
    api.client().auditExport(asked, out);
    return ExitStatus.DONE;
  }

  @Command(
      name = "keygen",
      description = "Make the keys that sign checkpoints and check them: FILE and FILE.pub.",
      footer = {"", "Examples:", "  sterna audit keygen --out /etc/sterna/audit.key"})
  int keygen(
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
          Path out)
      throws OperationFailedException {
    Path publicFile = out.resolveSibling(out.getFileName() + ".pub");
    try {
      KeyFiles.generate(out, publicFile);
    } catch (IOException e) {
      throw new OperationFailedException("cannot write the keys: " + FileReason.of(out, e), e);
    }
    api.out().println(out + " signs (audit.checkpoint-key), " + publicFile + " checks");
    api.out().flush();
    return ExitStatus.DONE;
  }

  /** Refuses what is wrong whatever time it is: how long ago counts from the controller's clock. */
  private void ordered(@Nullable String from, @Nullable String to) {
    if (from != null && to != null) {
      Instant now = InstantSource.system().instant();
      if (isAfter(from, to, now.minus(LONG_DAYS)) && isAfter(from, to, now.plus(LONG_DAYS))) {
        throw new ParameterException(spec.commandLine(), from + " is after " + to);
      }
    }
  }

  private static boolean isAfter(String from, String to, Instant now) {
    return Moments.parse(from, now).isAfter(Moments.parse(to, now));
  }

  private int atLeastOne(String option, int limit) {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), option + " " + limit + " is below 1");
    }
    return limit;
  }

  private JsonNode pages(
      String what, Map<String, String> filter, int limit, @Nullable String cursor)
      throws OperationFailedException {
    ObjectNode all = Json.MAPPER.createObjectNode();
    ArrayNode entries = all.putArray("entries");
    String next = cursor;
    do {
      Map<String, String> asked = new TreeMap<>(filter);
      put(asked, "cursor", next);
      asked.put("limit", String.valueOf(Math.min(PAGE, limit - entries.size())));
      JsonNode page = api.client().audit(what, asked);
      page.path("entries").forEach(entries::add);
      next = page.path("next").isTextual() ? page.path("next").asText() : null;
    } while (next != null && entries.size() < limit);
    all.put("next", next);
    return all;
  }

  private void show(JsonNode answer) {
    if (!answer.path("next").isNull()) {
      api.note("there is more: --limit, or --cursor " + Json.cell(answer, "next"));
    }
    api.show(answer, each -> entries(each.path("entries")));
  }

  private static Table entries(Iterable<JsonNode> entries) {
    Table table = new Table(FollowedTable.HEADER.toArray(new String[0]));
    for (JsonNode each : entries) {
      List<String> cells = new ArrayList<>();
      for (String field : FollowedTable.FIELDS) {
        cells.add(Json.cell(each, field));
      }
      table.row(cells.toArray(new String[0]));
    }
    return table;
  }

  private static Table past(Iterable<JsonNode> bindings) {
    Table table = new Table("ADDRESS", "FE", "SITE", "MAC", "VERSION", "RANGE");
    for (JsonNode each : bindings) {
      table.row(
          Json.cell(each, "address"),
          Json.cell(each, "fe"),
          Json.cell(each, "site"),
          Json.cell(each, "mac"),
          Json.cell(each, "version"),
          Json.cell(each, "range"));
    }
    return table;
  }

  static void put(Map<String, String> asked, String name, @Nullable Object value) {
    if (value != null) {
      asked.put(name, value.toString());
    }
  }
}
