package io.sterna.loadgen.run;

import io.sterna.loadgen.check.Check;
import io.sterna.loadgen.check.Observed;
import io.sterna.loadgen.link.SessionLoop;
import io.sterna.loadgen.measure.Latency;
import io.sterna.loadgen.scenario.ArrivalRate;
import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.schedule.Arrivals;
import io.sterna.loadgen.schedule.Move;
import io.sterna.loadgen.schedule.Moves;
import io.sterna.loadgen.schedule.PingPongMoves;
import io.sterna.loadgen.schedule.UniformMoves;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scenario: connect, bind every VM, warm up, measure, wait for quiet, check.
 *
 * <p>Everything happens on the calling thread, but for asking how far followers are; only {@link
 * #stop} may be called from another.
 */
public final class LoadRun {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final long TICK_NANOS = 5 * MS;
  private static final long PACING_NANOS = MS;
  private static final long CONNECT_STEP_NANOS = 5 * MS;
  private static final long SYNC_PATIENCE_NANOS = 60 * SECOND;
  private static final long STALL_PATIENCE_NANOS = 30 * SECOND;
  private static final long QUIET_PATIENCE_NANOS = 15 * SECOND;

  /** Sets the two sources of chance apart that one seed feeds. */
  private static final long SEED_OF_TIMES = 0x9e3779b97f4a7c15L;

  private final Scenario scenario;
  private final LongSupplier nanoTime;
  private final Consumer<String> say;
  private final LoadWatch watch;
  private final List<TlsIdentity> identities;
  private final FeNumbers numbers;
  private final VmSpace vms;
  private final Ledger ledger;
  private final Moves moves;
  private final List<EmulatedFe> fes = new ArrayList<>();
  private volatile boolean stopped;
  private CpuTimes cpu = new CpuTimes(Map.of());
  private @Nullable Stalling stalling;
  private @Nullable FollowerProgress progress;
  private @Nullable Pacing pacing;
  private String phase = "connect";
  private long phaseNanos;
  private long tickAtNanos;
  private long sayAtNanos;
  private long saidAccepted;

  private LoadRun(
      Scenario scenario,
      List<TlsIdentity> identities,
      FeNumbers numbers,
      LongSupplier nanoTime,
      Consumer<String> say,
      LoadWatch watch) {
    this.scenario = scenario;
    this.identities = identities;
    this.numbers = numbers;
    this.nanoTime = nanoTime;
    this.say = say;
    this.watch = watch;
    this.vms = new VmSpace(scenario.prefix(), scenario.vms());
    this.ledger = new Ledger(scenario.vms(), scenario.claimants(), nanoTime, watch);
    this.moves =
        scenario.mobility() == Mobility.UNIFORM
            ? new UniformMoves(scenario.vms(), scenario.claimants(), scenario.seed())
            : new PingPongMoves(scenario.vms(), scenario.claimants());
  }

  /**
   * Reads the certificates; connects nowhere yet.
   *
   * @param nanoTime a clock that only grows
   * @param say takes one line of progress at a time
   * @throws TlsFileException if a certificate is missing or bad
   */
  public static LoadRun prepare(Scenario scenario, LongSupplier nanoTime, Consumer<String> say)
      throws TlsFileException {
    return prepare(scenario, nanoTime, say, LoadWatch.NOBODY);
  }

  /**
   * The same, and somebody hears of it while it goes on.
   *
   * @throws TlsFileException if a certificate is missing or bad
   */
  public static LoadRun prepare(
      Scenario scenario, LongSupplier nanoTime, Consumer<String> say, LoadWatch watch)
      throws TlsFileException {
    FeNumbers numbers = new FeNumbers(scenario.fes());
    List<TlsIdentity> identities = new ArrayList<>();
    for (FeId id : numbers.ids()) {
      identities.add(Identities.of(id, scenario.tls()));
    }
    return new LoadRun(scenario, identities, numbers, nanoTime, say, watch);
  }

  /** Processes whose processor time is measured beside that of this one. */
  public void measureCpuOf(Map<String, ProcessHandle> processes) {
    cpu = new CpuTimes(processes);
  }

  /** Who knows how far the elements are that the scenario wants to be waited for. */
  public void askHowFarFollowersAre(FollowerProgress known) {
    progress = known;
  }

  /** Ends the run soon; what was measured until then is its result. From any thread. */
  public void stop() {
    stopped = true;
  }

  /** What each element holds, in the order of their numbers; for after the run. */
  public List<FeTable> tables() {
    return fes.stream().map(EmulatedFe::table).toList();
  }

  /**
   * Carries it out, once.
   *
   * @throws LoadException if the controllers cannot be reached or do not serve the VMs
   */
  public Result run() throws LoadException {
    try (SessionLoop sessions = new SessionLoop(nanoTime)) {
      return run(sessions);
    } catch (IOException e) {
      throw new LoadException("the sockets failed: " + e, e);
    } finally {
      if (pacing != null) {
        pacing.close();
      }
    }
  }

  private Result run(SessionLoop sessions) throws IOException, LoadException {
    connect(sessions);
    bindAll(sessions);
    ledger.countAfresh();
    startPacing(sessions);
    saidAccepted = 0;
    warmUp(sessions);
    enter("measure");
    watch.measuring();
    long startNanos = nanoTime.getAsLong();
    Scenario.Stall stall = scenario.stall();
    if (stall != null) {
      stalling =
          new Stalling(stall, startNanos, fes.get(fes.size() - 1), fes.get(0), cpu.processes());
      ledger.watch(stalling);
    }
    Feeder feeder = new Feeder(startNanos, scenario.duration(), scenario.arrivalRate(), true);
    long acceptedBefore = ledger.counts().accepted();
    long installedBefore = ledger.spread.installed();
    long inBefore = sessions.bytesIn();
    long outBefore = sessions.bytesOut();
    Map<String, Double> cpuBefore = cpu.seconds();
    feeder.drive(sessions);
    long endNanos = nanoTime.getAsLong();
    double seconds = (endNanos - startNanos) / (double) SECOND;
    double accepted = (ledger.counts().accepted() - acceptedBefore) / seconds;
    double installed = (ledger.spread.installed() - installedBefore) / seconds;
    long in = sessions.bytesIn() - inBefore;
    long out = sessions.bytesOut() - outBefore;
    Map<String, Double> cpuSeconds = cpu.since(cpuBefore);
    boolean interrupted = stopped;
    stopped = false;
    enter("wait for quiet");
    await(sessions, this::isQuiet, QUIET_PATIENCE_NANOS);
    long quietNanos = nanoTime.getAsLong();
    fes.forEach(fe -> fe.claims().end(quietNanos));
    ledger.end(quietNanos);
    Observed observed = new Observed(vms, tables(), ledger.claims, ledger.wentBack);
    return new Result(
        scenario,
        Machine.local(),
        interrupted,
        seconds,
        endNanos,
        accepted,
        installed,
        cpuSeconds,
        ledger.acknowledged,
        ledger.installed,
        stalling == null ? null : stalling.found(),
        ledger.counts().totals(),
        ledger.counts().refused(),
        in,
        out,
        Check.ALL.stream().map(check -> check.judge(observed)).toList());
  }

  private void startPacing(SessionLoop sessions) throws IOException, LoadException {
    Scenario.Followers followers = scenario.followers();
    if (followers != null) {
      if (progress == null) {
        throw new LoadException("followers: nobody tells how far they are");
      }
      pacing = Pacing.start(followers, progress);
      awaitFollowers(sessions);
    }
  }

  /** What was bound, or moved at a rate, may have left them behind: that must not be measured. */
  private void awaitFollowers(SessionLoop sessions) throws IOException, LoadException {
    if (pacing != null) {
      enter("wait for followers");
      Pacing paced = pacing;
      // Those that stand still end it.
      while (!stopped && !paced.hasFailed() && room() <= 0) {
        await(sessions, () -> room() > 0 || paced.hasFailed(), STALL_PATIENCE_NANOS);
      }
      paced.check();
    }
  }

  private long room() {
    return pacing == null ? Long.MAX_VALUE : pacing.room(ledger.counts());
  }

  private void warmUp(SessionLoop sessions) throws IOException, LoadException {
    enter("warm up");
    ArrivalRate rate = scenario.warmUpRate();
    new Feeder(nanoTime.getAsLong(), scenario.warmUp(), rate, false).drive(sessions);
    if (!rate.equals(scenario.arrivalRate())) {
      // What is left of another load must not be measured.
      enter("calm down");
      await(sessions, this::isQuiet, QUIET_PATIENCE_NANOS);
      awaitFollowers(sessions);
    }
    enter("settle");
    ArrivalRate measured = scenario.arrivalRate();
    new Feeder(nanoTime.getAsLong(), scenario.settle(), measured, false).drive(sessions);
  }

  private void connect(SessionLoop sessions) throws IOException, LoadException {
    enter("connect");
    VmRanges ranges = new VmRanges(vms);
    BindingReader reader = new BindingReader(vms, numbers::numberOf);
    FirstContact contact = new FirstContact(scenario.controllers(), say);
    Fleet fleet =
        new Fleet(scenario, vms, sessions, ledger, reader, ranges, nanoTime, contact, say);
    long now = nanoTime.getAsLong();
    for (int i = 0; i < scenario.fes(); i++) {
      long firstNanos = now + i * CONNECT_STEP_NANOS;
      boolean claims = i < scenario.claimants();
      TableWatch watch = claims ? ledger : new Onlooker(ledger);
      FeId id = numbers.ids().get(i);
      EmulatedFe fe = new EmulatedFe(fleet, i, id, identities.get(i), watch, firstNanos);
      fes.add(fe);
      if (claims) {
        ledger.tables.add(fe.table());
      }
    }
    long patience = SYNC_PATIENCE_NANOS + scenario.fes() * CONNECT_STEP_NANOS;
    long missing = fes.size();
    long before = missing + 1;
    // As long as more and more of them are in sync, it only takes its time.
    while (!stopped && missing > 0 && missing < before) {
      before = missing;
      await(sessions, () -> isInSync() || contact.isHopeless(), patience);
      if (contact.isHopeless()) {
        throw new LoadException(contact.reasons());
      }
      missing = fes.stream().filter(fe -> !fe.table().inSync()).count();
    }
    if (missing > 0) {
      throw new LoadException(
          stopped
              ? "interrupted before the elements were in sync"
              : missing
                  + " of "
                  + fes.size()
                  + " elements are not in sync: "
                  + "are the controllers up and the elements in their inventory?"
                  + lastFailure());
    }
    if (ledger.failedAttempts() > 0) {
      say.accept(
          "%d attempts to connect failed, the last one: %s"
              .formatted(ledger.failedAttempts(), ledger.lastFailure()));
    }
    int outside = ranges.outside();
    if (outside >= 0) {
      throw new LoadException(vms.address(outside) + " lies in no range of the controllers");
    }
  }

  private String lastFailure() {
    return ledger.failedAttempts() == 0 ? "" : " The last that failed: " + ledger.lastFailure();
  }

  /** VMs that are bound already stay where they are. */
  private void bindAll(SessionLoop sessions) throws IOException, LoadException {
    enter("bind all VMs");
    ledger.spread.follow();
    FeTable table = fes.get(0).table();
    long now = nanoTime.getAsLong();
    for (int vm = 0; vm < vms.size(); vm++) {
      int fe = table.holder(vm);
      if (fe < 0) {
        fe = vm % scenario.claimants();
        fes.get(fe).claims().happened(new Event(vm, now, false), now);
      }
      moves.found(vm, fe);
    }
    long accepted = -1;
    while (ledger.counts().open() > 0) {
      if (stopped || accepted == ledger.counts().accepted()) {
        throw new LoadException(
            "bound "
                + ledger.counts().accepted()
                + " of "
                + vms.size()
                + " VMs, then "
                + (stopped ? "was interrupted" : "the controllers accepted no more"));
      }
      accepted = ledger.counts().accepted();
      await(sessions, () -> ledger.counts().open() == 0, STALL_PATIENCE_NANOS);
    }
    await(sessions, this::isQuiet, QUIET_PATIENCE_NANOS);
  }

  private boolean isInSync() {
    return fes.stream().allMatch(fe -> fe.table().inSync());
  }

  private boolean isQuiet() {
    if (ledger.counts().open() > 0 || ledger.spread.waiting() > 0) {
      return false;
    }
    List<RangePosition> positions = fes.get(0).table().positions();
    return fes.stream().allMatch(fe -> fe.table().positions().equals(positions));
  }

  /** Turns until something holds, looked at once a tick; false if it does not in time. */
  private boolean await(SessionLoop sessions, BooleanSupplier holds, long patienceNanos)
      throws IOException {
    long endNanos = nanoTime.getAsLong() + patienceNanos;
    while (!holds.getAsBoolean()) {
      long untilNanos = tickAtNanos;
      do {
        turn(sessions, untilNanos);
      } while (nanoTime.getAsLong() < untilNanos);
      if (stopped || nanoTime.getAsLong() > endNanos) {
        return false;
      }
    }
    return true;
  }

  private void turn(SessionLoop sessions, long untilNanos) throws IOException {
    tickIfDue();
    sessions.turn(Math.min(untilNanos, tickAtNanos), this::tickIfDue);
  }

  private void tickIfDue() {
    long now = nanoTime.getAsLong();
    if (now >= tickAtNanos) {
      fes.forEach(fe -> fe.tick(now));
      if (stalling != null) {
        stalling.tick(now);
      }
      tickAtNanos = now + TICK_NANOS;
    }
    if (now >= sayAtNanos) {
      sayProgress(now);
    }
  }

  private void enter(String next) {
    phase = next;
    phaseNanos = nanoTime.getAsLong();
    sayAtNanos = phaseNanos + SECOND;
    saidAccepted = ledger.counts().accepted();
  }

  private void sayProgress(long now) {
    long accepted = ledger.counts().accepted();
    double seconds = (now - sayAtNanos + SECOND) / (double) SECOND;
    long inSync = fes.stream().filter(fe -> fe.table().inSync()).count();
    long connected = fes.stream().filter(EmulatedFe::isConnected).count();
    int inFlight = fes.stream().mapToInt(fe -> fe.claims().inFlight()).sum();
    say.accept(
        "%s, %d s: of %d elements %d connected, %d in sync, %.0f changes/s, %d in flight, %d open%s"
            .formatted(
                phase,
                (now - phaseNanos) / SECOND,
                fes.size(),
                connected,
                inSync,
                (accepted - saidAccepted) / seconds,
                inFlight,
                ledger.counts().open(),
                installedLately()));
    ledger.installedLately.reset();
    saidAccepted = accepted;
    sayAtNanos = now + SECOND;
  }

  private String installedLately() {
    Latency lately = ledger.installedLately;
    return lately.count() == 0
        ? ""
        : ", installed after %.1f ms, at most %.1f"
            .formatted(lately.percentileMs(50), lately.maxMs());
  }

  /** Makes events happen, by the clock or by the windows. */
  private final class Feeder {
    private final long startNanos;
    private final long endNanos;
    private final boolean measured;
    private final @Nullable Arrivals arrivals;

    Feeder(long startNanos, Duration duration, ArrivalRate rate, boolean measured) {
      this.startNanos = startNanos;
      this.endNanos = startNanos + duration.toNanos();
      this.measured = measured;
      long seed = scenario.seed() ^ (measured ? SEED_OF_TIMES : ~SEED_OF_TIMES);
      this.arrivals = rate.isMax() ? null : new Arrivals(rate.perSecond(), seed);
    }

    void drive(SessionLoop sessions) throws IOException, LoadException {
      long now = nanoTime.getAsLong();
      while (!stopped && now < endNanos) {
        long nextNanos = arrivals == null ? fillWindows(now) : release(arrivals, now);
        turn(sessions, Math.min(nextNanos, endNanos));
        now = nanoTime.getAsLong();
      }
      if (!stopped && arrivals != null) {
        release(arrivals, now);
      }
    }

    /** Everything that is due by now; when the next event is due. */
    private long release(Arrivals due, long now) {
      long dueNanos = startNanos + due.dueNanos();
      while (dueNanos <= now && dueNanos < endNanos) {
        Move move = moves.next();
        happen(move.fe(), new Event(move.vm(), dueNanos, measured), now);
        due.advance();
        dueNanos = startNanos + due.dueNanos();
      }
      return dueNanos;
    }

    /** Until no element takes one more; what takes place in turn may wait for one of them. */
    private long fillWindows(long now) throws LoadException {
      if (pacing != null) {
        pacing.check();
      }
      long room = room();
      boolean progressed = true;
      while (progressed) {
        progressed = false;
        for (int fe = 0; fe < scenario.claimants(); fe++) {
          while (room > 0 && fes.get(fe).claims().hasRoom()) {
            OptionalInt vm = moves.nextTo(fe);
            if (vm.isEmpty()) {
              break;
            }
            happen(fe, new Event(vm.getAsInt(), now, measured), now);
            room--;
            progressed = true;
          }
        }
      }
      return room > 0 ? Long.MAX_VALUE : now + PACING_NANOS;
    }

    private void happen(int fe, Event event, long now) {
      fes.get(fe).claims().happened(event, now);
    }
  }
}
