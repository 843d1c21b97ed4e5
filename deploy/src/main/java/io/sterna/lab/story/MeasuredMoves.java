package io.sterna.lab.story;

import io.sterna.lab.LabException;
import io.sterna.lab.SiteNetwork;
import io.sterna.lab.Waiting;
import io.sterna.lab.probe.FlowLog;
import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.probe.ProbeFate;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.probe.ProbeStream;
import io.sterna.lab.probe.RouteWatch;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Moves one VM under probes. Every probe belongs to exactly one move's account: an account begins
 * where the one before ended.
 */
final class MeasuredMoves {
  /** Probes after the last route was installed that must come back before a move is over. */
  private static final int PROBES_AFTER = 200;

  /** The last of those stay out of the account: their answers may still be under way. */
  private static final int PROBES_UNDER_WAY = 100;

  private static final Duration INSTALL_BOUND = Duration.ofSeconds(60);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(15);

  private final SiteNetwork network;
  private final RouteWatch routes;
  private final ProbeSession probes;
  private final Waiting waiting;
  private final Vm vm;
  private final List<Long> accounted = new ArrayList<>();

  MeasuredMoves(SiteNetwork network, ProbeSession probes, Vm vm, Waiting waiting)
      throws LabException {
    this.network = network;
    this.routes = network.routes();
    this.probes = probes;
    this.vm = vm;
    this.waiting = waiting;
    probes.flows().forEach(flow -> accounted.add(flow.sentCount()));
  }

  /**
   * Waits until every flow and connection is answered.
   *
   * @throws LabException if one is not
   */
  void awaitAnswers() throws LabException {
    List<Long> goals =
        probes.flows().stream().map(flow -> flow.sentCount() + PROBES_AFTER).toList();
    waiting.until(() -> notAnswered(goals), ANSWER_BOUND);
    closeAccounts(goals);
  }

  private String notAnswered(List<Long> goals) {
    for (int i = 0; i < goals.size(); i++) {
      FlowLog flow = probes.flows().get(i);
      if (flow.lastAnswered() < goals.get(i)) {
        return "answers to " + flow.name();
      }
    }
    return "";
  }

  /**
   * Moves the VM and accounts for the probes until its packets flow again.
   *
   * @throws LabException if the routes are not installed everywhere within a minute
   */
  MoveResult move(int number, Site to) throws LabException {
    Site from = network.siteOf(vm);
    routes.restart();
    MoveStamps stamps = network.move(vm, to);
    long installedNanos = awaitInstalled(vm, "move " + number);
    List<Long> goals =
        probes.flows().stream().map(flow -> flow.sentCount() + PROBES_AFTER).toList();
    List<String> broken = new ArrayList<>();
    try {
      waiting.until(() -> notAnswered(goals), ANSWER_BOUND);
    } catch (LabException e) {
      // Not an end of the story: what is not answered counts as lost, which breaks a promise.
      broken.add(e.getMessage());
    }
    broken.addAll(brokenStreams());
    List<LossAccount> losses = new ArrayList<>();
    for (List<ProbeFate> fates : closeAccounts(goals)) {
      losses.add(LossAccount.ofMove(fates, stamps));
    }
    return new MoveResult(
        number, from.id().value(), to.id().value(), stamps, installedNanos, losses, broken);
  }

  /**
   * Waits until every forwarding element has routes to a VM since the watch was restarted.
   *
   * @return when the last of them had
   */
  long awaitInstalled(Vm moved, String when) throws LabException {
    try {
      OptionalLong last =
          routes.awaitAll(moved.addresses(), System.nanoTime() + INSTALL_BOUND.toNanos());
      return last.orElseThrow(
          () ->
              new LabException(
                  when
                      + ": not every forwarding element has a route to "
                      + moved.name()
                      + " after "
                      + INSTALL_BOUND.toSeconds()
                      + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** The most probes that a flow lost since the last account, during which the VM stood still. */
  int lostAtRest() throws LabException {
    List<Long> goals =
        probes.flows().stream().map(flow -> flow.sentCount() + PROBES_AFTER).toList();
    waiting.until(() -> notAnswered(goals), ANSWER_BOUND);
    return closeAccounts(goals).stream()
        .mapToInt(fates -> LossAccount.ofRest(fates).lost())
        .max()
        .orElse(0);
  }

  private List<List<ProbeFate>> closeAccounts(List<Long> goals) {
    List<List<ProbeFate>> all = new ArrayList<>();
    for (int i = 0; i < goals.size(); i++) {
      long until = goals.get(i) - PROBES_UNDER_WAY;
      all.add(probes.flows().get(i).fates(accounted.get(i), until));
      accounted.set(i, until);
    }
    return all;
  }

  private List<String> brokenStreams() {
    List<Long> goals = probes.streams().stream().map(ProbeStream::sentCount).toList();
    try {
      waiting.until(() -> behind(goals), ANSWER_BOUND);
    } catch (LabException e) {
      return List.of(e.getMessage());
    }
    return probes.streams().stream()
        .filter(stream -> !stream.intact())
        .map(stream -> stream.name() + ": " + stream.brokenBecause())
        .toList();
  }

  /** A connection that is intact but has not caught up; a broken one need not be waited for. */
  private String behind(List<Long> goals) {
    for (int i = 0; i < goals.size(); i++) {
      ProbeStream stream = probes.streams().get(i);
      if (stream.intact() && stream.answeredCount() < goals.get(i)) {
        return stream.name() + " to catch up";
      }
    }
    return "";
  }
}
