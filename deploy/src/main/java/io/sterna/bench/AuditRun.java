package io.sterna.bench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.replay.ExportLines;
import io.sterna.replay.ReplayException;
import io.sterna.replay.ReplayRun;
import io.sterna.replay.ReplaySpool;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Elements make a million changes in 64 ranges; then the record of them is read by the API of the
 * controller that wrote it.
 */
record AuditRun() implements Experiment<AuditRun.Found> {
  private static final int CHANGES = 1_000_000;
  private static final int VMS = 262_144;
  private static final int ELEMENTS = 4;
  private static final int IN_FLIGHT = 8_000;
  private static final int RATE = 20_000;

  /** Not every move that is tried is a change: some come too early. */
  private static final Duration MOVING = Duration.ofSeconds(38);

  private static final int ROUNDS = 3;
  private static final int HISTORIES = 300;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * What was found; times are the slowest of some rounds.
   *
   * @param mebibytes how much more memory the controller had at most while the record was read
   * @param replayedPerSecond changes that were replayed without waiting, the reading not counted
   */
  record Found(
      double atSeconds,
      double verifySeconds,
      double historyMs,
      double mebibytes,
      double replayedPerSecond,
      Map<String, Object> conditions) {}

  @Override
  public Found run(Bench bench) throws LabException {
    TestbedPlan plan = new TestbedPlan(ELEMENTS, VMS, IN_FLIGHT / ELEMENTS, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private static Found run(Bench bench, Testbed testbed) throws LabException {
    LoadPlan load =
        new LoadPlan(
            ELEMENTS,
            VMS,
            Mobility.UNIFORM,
            String.valueOf(RATE),
            IN_FLIGHT,
            String.valueOf(RATE),
            Duration.ZERO,
            Duration.ZERO,
            MOVING,
            Optional.empty(),
            Optional.empty(),
            LoadPlan.APPLIED);
    long began = InstantSource.system().millis();
    new LoadGenerator(testbed, bench.progress()).run(load);
    long ended = InstantSource.system().millis();
    ControllerApi api = testbed.api();
    Map<RangeId, ControllerApi.Ownership> ranges = api.ranges().orElseThrow();
    long changes = ranges.values().stream().mapToLong(ControllerApi.Ownership::revision).sum();
    if (changes < CHANGES) {
      throw new LabException("only %d changes were made".formatted(changes));
    }
    Api http = new Api(api.addresses().get(0));
    bench.progress().say("Cassandra and controller come to rest");
    Duration rest = Rest.await(testbed);
    beginPeak(testbed);
    double before = statusMebibytes(testbed, "VmRSS:");
    List<Double> at = new ArrayList<>();
    double verify = 0;
    long rows = 0;
    long middle = began + (ended - began) * 9 / 10;
    for (int round = 0; round < ROUNDS; round++) {
      bench.progress().say("the record is read, round " + (round + 1));
      Answer past = http.get("audit/at?time=" + Instant.ofEpochMilli(middle));
      if (past.count("version") < VMS / 2) {
        throw new LabException("the table of then has %d VMs".formatted(past.count("version")));
      }
      at.add(Figure.rounded(past.seconds()));
      Answer checked = http.get("audit/verify");
      if (checked.count("intact") != ranges.size() || checked.sum("faultCount") != 0) {
        throw new LabException("the record is not whole");
      }
      rows = checked.sum("intactRows");
      verify = Math.max(verify, checked.seconds());
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    double history = histories(http, testbed, conditions);
    double peak = peakMebibytes(testbed);
    conditions.put("controller_mebibytes_before", Figure.rounded(before));
    conditions.put("controller_mebibytes_peak", Figure.rounded(peak));
    conditions.put("rest_seconds", rest.toSeconds());
    conditions.put("at_seconds", at);
    conditions.put("changes", changes);
    conditions.put("rows", rows);
    conditions.put("ranges", ranges.size());
    conditions.put("rounds", ROUNDS);
    conditions.put("histories", HISTORIES);
    double replayed = replayed(bench, http, changes, conditions);
    return new Found(Collections.max(at), verify, history, peak - before, replayed, conditions);
  }

  /** All of it, told to emulated elements. */
  private static double replayed(
      Bench bench, Api http, long changes, Map<String, Object> conditions) throws LabException {
    bench.progress().say("the record is replayed");
    long to = InstantSource.system().millis();
    long start = System.nanoTime();
    try (InputStream export = http.stream("audit/export");
        ReplaySpool spool =
            ReplaySpool.read(new ExportLines("export", export, Optional.empty()), 0, to)) {
      double reading = (System.nanoTime() - start) / 1e9;
      ReplayRun.Result result =
          new ReplayRun(
                  spool, 0, to, ReplayRun.MAX, Map.of(), System::nanoTime, bench.progress()::say)
              .run();
      if (!result.outcome().holds() || result.outcome().changes() != changes) {
        throw new LabException("the replay went wrong: " + result);
      }
      conditions.put("replay_reading_seconds", Figure.rounded(reading));
      conditions.put("replay_seconds", Figure.rounded(result.seconds()));
      conditions.put("replay_elements", spool.elements().size());
      return changes / result.seconds();
    } catch (IOException | ReplayException e) {
      throw new LabException("the record cannot be replayed: " + e, e);
    }
  }

  private static double histories(Api http, Testbed testbed, Map<String, Object> conditions)
      throws LabException {
    List<IpAddress> addresses = new ArrayList<>(testbed.bindings().keySet());
    Random random = new Random(1);
    double[] millis = new double[HISTORIES];
    for (int i = 0; i < HISTORIES; i++) {
      IpAddress address = addresses.get(random.nextInt(addresses.size()));
      Answer answer = http.get("audit/history/" + address);
      if (answer.count("revision") == 0) {
        throw new LabException("nothing is on record of " + address);
      }
      millis[i] = answer.seconds() * 1e3;
    }
    Arrays.sort(millis);
    conditions.put("history_ms_p50", Figure.rounded(Percentile.of(millis, 50)));
    conditions.put("history_ms_max", Figure.rounded(Percentile.of(millis, 100)));
    return Percentile.of(millis, 99);
  }

  /** The most memory that a process had since this was last begun anew, in mebibytes. */
  private static double peakMebibytes(Testbed testbed) throws LabException {
    return statusMebibytes(testbed, "VmHWM:");
  }

  private static double statusMebibytes(Testbed testbed, String field) throws LabException {
    try {
      for (String line : Files.readAllLines(proc(testbed, "status"))) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
      }
    } catch (IOException e) {
      throw new LabException("cannot read the memory of the controller: " + e, e);
    }
    throw new LabException("the kernel does not say " + field);
  }

  private static void beginPeak(Testbed testbed) throws LabException {
    try {
      Files.writeString(proc(testbed, "clear_refs"), "5");
    } catch (IOException e) {
      throw new LabException("cannot begin the peak of memory anew: " + e, e);
    }
  }

  private static Path proc(Testbed testbed, String file) throws LabException {
    return Path.of("/proc", String.valueOf(testbed.controllerPid()), file);
  }

  /** An answer, and how long it took until its last byte was there. */
  private record Answer(double seconds, Map<String, Long> counts, Map<String, Long> sums) {
    long count(String field) {
      return counts.getOrDefault(field, 0L);
    }

    long sum(String field) {
      return sums.getOrDefault(field, 0L);
    }
  }

  /** Counts the fields of answers without keeping them. */
  private record Api(String base) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    InputStream stream(String path) throws LabException {
      URI uri = URI.create(base + "/api/v1/" + path);
      try {
        HttpResponse<InputStream> response =
            CLIENT.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
          throw new LabException(uri + " answered " + response.statusCode());
        }
        return response.body();
      } catch (IOException e) {
        throw new LabException(uri + " did not answer: " + e, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted", e);
      }
    }

    Answer get(String path) throws LabException {
      URI uri = URI.create(base + "/api/v1/" + path);
      long start = System.nanoTime();
      try {
        HttpResponse<byte[]> response =
            CLIENT.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        // What is done with the answer is not the controller's time.
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Long> counts = new HashMap<>();
        Map<String, Long> sums = new HashMap<>();
        try (JsonParser parser = MAPPER.createParser(response.body())) {
          while (parser.nextToken() != null) {
            if (parser.currentToken() == JsonToken.FIELD_NAME) {
              counts.merge(parser.currentName(), 1L, Long::sum);
            } else if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
              sums.merge(parser.currentName(), parser.getLongValue(), Long::sum);
            }
          }
        }
        if (response.statusCode() != 200) {
          throw new LabException(uri + " answered " + response.statusCode());
        }
        return new Answer(seconds, counts, sums);
      } catch (IOException e) {
        throw new LabException(uri + " did not answer: " + e, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted", e);
      }
    }
  }
}
