package io.sterna.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.audit.Moments;
import io.sterna.lab.UnwindOnExit;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.replay.ExportLines;
import io.sterna.replay.ReplayException;
import io.sterna.replay.ReplayRun;
import io.sterna.replay.ReplaySpool;
import io.sterna.store.keys.FileReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sterna audit replay}: what happened happens again, to emulated elements. */
@Command(
    name = "replay",
    description = {
      "Run a span of the record again: emulated forwarding elements, those that the record names, begin",
      "with the table of T1 and are told each row until T2 as real ones were, in the same bytes. The",
      "invariants are checked as it runs: versions and epochs never go back, each row continues the one",
      "before it, every element holds what the record says, one element holds each VM as its own, and the",
      "end is the table that 'audit at T2' gives. No cluster is touched; the record is read once.",
      "Progress goes to standard error, a line a second. Ctrl-C ends it with what was replayed so far.",
      "Exit status 1 if an invariant is violated, 2 if there is no such span."
    },
    footer = {
      "",
      "Examples:",
      "  sterna audit replay --from 2026-11-28T14:00:00Z --to 2026-11-28T14:10:00Z",
      "  sterna audit replay --from 2h --to 1h --speed max --output json",
      "  sterna audit replay --from 15m --prefix 10.10.0.0/20 --slow fe3=250",
      "  sterna audit replay --file record.jsonl --from 2026-11-28 --to 2026-11-29 --speed 100"
    })
final class AuditReplayCommand implements Callable<Integer> {
  /** What an element has not heard yet is kept in memory. */
  private static final long SLOW_MILLIS_MAX = 60_000;

  private static final int READ_BYTES = 1 << 16;

  private final ApiCommand api;
  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "T1",
      description = "The moment whose table is the beginning; see 'sterna audit --help'.")
  private String from = "";

  @Option(
      names = "--to",
      defaultValue = "now",
      paramLabel = "T2",
      description = "The end. Default: ${DEFAULT-VALUE}.")
  private String to = "now";

  @Option(
      names = "--speed",
      defaultValue = "1",
      paramLabel = "N",
      description = {
        "So much faster than it was recorded, like 10 or 0.5; max: without waiting.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String speed = "1";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Read an export instead of asking a controller.")
  private @Nullable Path file;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only ranges in it.")
  private @Nullable IpPrefix prefix;

  @Option(
      names = "--slow",
      paramLabel = "FE=MILLIS",
      description = {
        "An element that hears everything so much later, at most 60000. The result says for how long it",
        "would have sent packets of moved VMs to where they were not any more. Repeatable."
      })
  private @Nullable Map<FeId, Long> slow;

  AuditReplayCommand(ApiCommand api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws OperationFailedException {
    Instant now = InstantSource.system().instant();
    long fromMillis = moment("--from", from, now);
    long toMillis = moment("--to", to, now);
    if (fromMillis > toMillis) {
      throw wrong(iso(fromMillis) + " (--from) is after " + iso(toMillis) + " (--to)");
    }
    Pace pace = Pace.parse(speed).orElseThrow(() -> wrong("--speed " + speed + " is no speed"));
    Map<FeId, Long> delays = slow == null ? Map.of() : new TreeMap<>(slow);
    delays.forEach(this::checkDelay);
    Optional<IpPrefix> wanted = Optional.ofNullable(prefix);
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try (InputStream export = open();
        ReplaySpool spool =
            ReplaySpool.read(new ExportLines(source(), export, wanted), fromMillis, toMillis)) {
      check(spool, fromMillis, toMillis, delays);
      ReplayRun run =
          new ReplayRun(
              spool, fromMillis, toMillis, pace.factor(), delays, System::nanoTime, this::say);
      ReplayRun.Result result = run.run();
      ObjectNode answer = ReplayReport.answer(spool, fromMillis, toMillis, pace.text(), result);
      new ReplayReport(answer).show(api);
      return result.outcome().holds() ? ExitStatus.DONE : ExitStatus.FAILED;
    } catch (ReplayException e) {
      throw new OperationFailedException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new OperationFailedException(
          "cannot read "
              + (file == null ? source() + ": " + FileReason.why(e) : FileReason.of(file, e)),
          e);
    } finally {
      unwind.close();
    }
  }

  /** How fast, and as it was written. */
  private record Pace(double factor, String text) {
    static Optional<Pace> parse(String text) {
      if (text.equals("max")) {
        return Optional.of(new Pace(ReplayRun.MAX, text));
      }
      try {
        double factor = Double.parseDouble(text);
        return factor > 0 && Double.isFinite(factor)
            ? Optional.of(new Pace(factor, text))
            : Optional.empty();
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  private InputStream open() throws OperationFailedException, IOException {
    if (file == null) {
      return api.client()
          .auditExport(prefix == null ? Map.of() : Map.of("prefix", prefix.toString()));
    }
    return new BufferedInputStream(Files.newInputStream(file), READ_BYTES);
  }

  private String source() {
    return file == null ? "the export" : file.toString();
  }

  private long moment(String option, String text, Instant now) {
    try {
      Instant moment = Moments.parse(text, now);
      if (moment.isAfter(now)) {
        throw wrong(option + " " + moment + " is in the future");
      }
      return moment.toEpochMilli();
    } catch (IllegalArgumentException e) {
      throw wrong(option + " " + e.getMessage());
    }
  }

  private void checkDelay(FeId fe, long millis) {
    if (millis < 1 || millis > SLOW_MILLIS_MAX) {
      throw wrong("--slow %s=%d is not 1 to %d".formatted(fe, millis, SLOW_MILLIS_MAX));
    }
  }

  private void check(ReplaySpool spool, long fromMillis, long toMillis, Map<FeId, Long> delays)
      throws OperationFailedException {
    if (spool.firstMillis().isEmpty()) {
      throw wrong("nothing is on record" + (prefix == null ? "" : " of " + prefix));
    }
    long first = spool.firstMillis().getAsLong();
    if (toMillis < first) {
      throw wrong("nothing was on record then: the first record is of " + iso(first));
    }
    if (fromMillis < first) {
      api.note("nothing was on record before " + iso(first) + ": all begin with nothing");
    }
    long last = spool.lastMillis().orElse(first);
    if (toMillis > last) {
      api.note("nothing was recorded after " + iso(last));
    }
    for (FeId fe : delays.keySet()) {
      if (!spool.elements().contains(fe)) {
        throw wrong("--slow " + fe + ": nothing was bound to it; to " + spool.elements());
      }
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void say(String line) {
    terminal.err().println("replay: " + line);
    terminal.err().flush();
  }

  private static String iso(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }
}
