package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.bench.Moments.At;
import io.sterna.bench.Moments.Bound;
import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabFiles;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.loadgen.run.LoadException;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.run.Result;
import io.sterna.loadgen.scenario.ScenarioException;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.tls.TlsFileException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Emulated elements claim by chance while the owners of their ranges are killed, leave and stand
 * still; what the controllers say meanwhile is written down. Then the record is asked for the
 * tables of moments chosen by chance: each must be what was said.
 *
 * <p>By revision every moment can be asked for. By time only those can be compared at which nothing
 * changes: at the end of each round, when all is quiet, the API is asked for the whole table.
 *
 * @param moments how many are asked for
 * @param rounds of load, each with disturbances of its own
 * @param disturbances a round
 * @param seed of all that is by chance, but what the machine does
 */
record MomentsRun(int moments, int rounds, int disturbances, long seed) {
  private static final int VMS = 1_600;
  private static final int RATE = 250;
  private static final int LOOK_MS = 100;
  private static final int CALM_MIN_MS = 500;
  private static final int CALM_MAX_MS = 2_500;

  /** So few rows between two snapshots that owners begin at snapshots, and late ones hit them. */
  private static final String CONTROLLER = "sterna.controller.ranges.snapshot-every = 16\n";

  private static final List<Disturbance> KINDS = List.of(Disturbance.values());
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /**
   * What was found.
   *
   * @param wrong what the record says otherwise than the controllers did
   * @param asked moments that were asked for by revision
   * @param askedByTime tables that were asked for by time
   * @param known moments that were written down
   * @param epochMax how often a range had another owner, at most
   * @param struck what happened to the owners
   */
  record Found(
      List<String> wrong,
      int asked,
      int askedByTime,
      int known,
      long epochMax,
      List<String> struck) {}

  /** The whole table when nothing changed. */
  private record Quiet(Instant time, Map<IpAddress, Bound> table) {}

  /** Carries it out below this folder, with processes of its own that end with it. */
  Found run(Path folder, LabSettings base, Progress progress) throws LabException {
    LabSettings settings = base.withPorts(LabPorts.free()).within("moments", folder);
    LabPlan plan = LabPlan.standard("moments");
    LabProcesses processes = new LabProcesses(settings, LabProcesses.Life.WITH_US, all -> {});
    ControlPlane control = new ControlPlane(settings, plan, processes, progress);
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try {
      control.files().write();
      for (ControllerId id : control.files().controllers()) {
        Files.writeString(control.files().configOf(id), CONTROLLER, StandardOpenOption.APPEND);
      }
      control.startStore();
      control.startControllers();
      return run(settings, plan, control, progress);
    } catch (IOException e) {
      throw new LabException("cannot write into " + folder + ": " + e, e);
    } finally {
      try {
        UnwindOnExit.uninterrupted(processes::stopAll);
      } finally {
        unwind.close();
      }
    }
  }

  private Found run(LabSettings settings, LabPlan plan, ControlPlane control, Progress progress)
      throws LabException {
    Random random = new Random(seed);
    Waiting waiting = new Waiting(progress);
    VmSpace vms = new VmSpace(LabPlan.MOBILE4, VMS);
    Moments known = new Moments(vms, number -> new FeId("fe" + (number + 1)));
    List<Quiet> quiet = new ArrayList<>();
    List<String> struck = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress.say("moments, seed %d: round %d of %d".formatted(seed, round + 1, rounds));
      struck.addAll(round(settings, plan, control, known, random, waiting));
      quiet.add(quiet(control, waiting));
    }
    progress.say("%d moments are known; %d are asked for".formatted(known.size(), moments));
    String api = control.api().addresses().get(random.nextInt(control.api().addresses().size()));
    List<String> wrong = new ArrayList<>(known.contradictions());
    List<At> asked = known.some(moments, random);
    for (At at : asked) {
      Map<IpAddress, Bound> said = at(api, "revision=" + at.revision() + "&prefix=" + at.range());
      compare(at.toString(), known.table(at), said, wrong);
    }
    for (Quiet each : quiet) {
      compare(each.time().toString(), each.table(), at(api, "time=" + each.time()), wrong);
    }
    return new Found(wrong, asked.size(), quiet.size(), known.size(), known.epochMax(), struck);
  }

  private List<String> round(
      LabSettings settings,
      LabPlan plan,
      ControlPlane control,
      Moments known,
      Random random,
      Waiting waiting)
      throws LabException {
    LoadRun load = load(settings, plan, control.files(), known, random.nextLong());
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(load.run());
              } catch (LoadException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            },
            "moments-load");
    thread.setDaemon(true);
    thread.start();
    List<String> struck = new ArrayList<>();
    List<Disturbance> kinds = new ArrayList<>();
    try {
      waiting.until(
          () -> result.isDone() || known.begun() ? "" : "the load to bind every VM",
          Disturbance.BOUND);
      for (int i = 0; i < disturbances; i++) {
        Disturbance.pass(CALM_MIN_MS + random.nextInt(CALM_MAX_MS - CALM_MIN_MS));
        if (kinds.isEmpty()) {
          kinds.addAll(KINDS);
          Collections.shuffle(kinds, random);
        }
        Disturbance kind = kinds.remove(0);
        List<ControllerId> all = control.files().controllers();
        ControllerId victim = all.get(random.nextInt(all.size()));
        struck.add(victim + " " + kind);
        kind.strike(control, victim, random, waiting);
      }
      Disturbance.pass(CALM_MIN_MS);
    } finally {
      load.stop();
    }
    try {
      result.get();
      return struck;
    } catch (ExecutionException e) {
      throw new LabException("the load failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static LoadRun load(
      LabSettings settings, LabPlan plan, LabFiles files, Moments known, long loadSeed)
      throws LabException {
    Path scenario = files.configOf(files.controllers().get(0)).resolveSibling("load.yaml");
    String controllers =
        settings.ports().controllers().stream()
            .map(each -> "\"%s:%d\"".formatted(LabPorts.HOST, each.southbound()))
            .collect(Collectors.joining(", "));
    try {
      Files.writeString(
          scenario,
          """
          controllers: [%s]
          tls: { authority: ca.pem, certificate-folder: . }
          fes: %d
          vms: %d
          prefix: %s
          arrival-rate-per-second: %d
          mobility: uniform
          duration: 900s
          seed: %d
          """
              .formatted(
                  controllers, plan.sites().size(), VMS, LabPlan.MOBILE4, RATE, loadSeed >>> 1));
      return LoadRun.prepare(ScenarioFile.read(scenario), System::nanoTime, line -> {}, known);
    } catch (IOException | ScenarioException | TlsFileException e) {
      throw new LabException("the load cannot start: " + e.getMessage(), e);
    }
  }

  /** Between two looks that see the same. */
  private static Quiet quiet(ControlPlane control, Waiting waiting) throws LabException {
    AtomicReference<@Nullable Quiet> found = new AtomicReference<>();
    waiting.until(
        () -> {
          String missing = Disturbance.missing(control);
          if (!missing.isEmpty()) {
            return missing;
          }
          Map<IpAddress, Bound> table = table(control);
          Disturbance.pass(LOOK_MS);
          Instant between = InstantSource.system().instant();
          Disturbance.pass(LOOK_MS);
          found.set(new Quiet(between, table));
          return table.size() == VMS && table.equals(table(control))
              ? ""
              : "every VM to be bound and to stay where it is";
        },
        Disturbance.BOUND);
    return Objects.requireNonNull(found.get());
  }

  private static Map<IpAddress, Bound> table(ControlPlane control) {
    Map<IpAddress, Bound> table = new TreeMap<>();
    control
        .api()
        .bindings()
        .orElse(Map.of())
        .forEach((address, at) -> table.put(address, new Bound(at.fe(), at.version())));
    return table;
  }

  private static void compare(
      String moment,
      Map<IpAddress, Bound> said,
      Map<IpAddress, Bound> rebuilt,
      List<String> wrong) {
    if (!said.equals(rebuilt)) {
      Map<IpAddress, Bound> only = new LinkedHashMap<>(said);
      only.entrySet().removeAll(rebuilt.entrySet());
      wrong.add(
          "%s: the record has %d bindings, the controllers said %d; of these the record lacks %s"
              .formatted(moment, rebuilt.size(), said.size(), only));
    }
  }

  private static Map<IpAddress, Bound> at(String api, String question) throws LabException {
    URI uri = URI.create(api + "/api/v1/audit/at?" + question);
    try {
      HttpResponse<String> answer =
          CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new LabException(uri + " answered " + answer.statusCode() + ": " + answer.body());
      }
      Map<IpAddress, Bound> table = new TreeMap<>();
      for (JsonNode each : MAPPER.readTree(answer.body()).path("bindings")) {
        table.put(
            IpAddress.parse(each.path("address").asText()),
            new Bound(new FeId(each.path("fe").asText()), each.path("version").asLong()));
      }
      return table;
    } catch (IOException e) {
      throw new LabException(uri + " did not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
