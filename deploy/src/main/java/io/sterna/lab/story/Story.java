package io.sterna.lab.story;

import io.sterna.lab.LabException;
import io.sterna.lab.Progress;
import io.sterna.lab.SiteNetwork;
import io.sterna.lab.Waiting;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The story on a lab that stands: a VM moves round the sites under probes; then the controller that
 * owns its range is killed; another VM moves, so that there is a claim for the new owner, while the
 * first stands still and is probed; and then the first moves again.
 */
final class Story {
  private static final Duration API_BOUND = Duration.ofSeconds(30);
  private static final String MOVING = "vm11";
  private static final String PROBING = "vm31";
  private static final String OTHER = "vm12";

  private final StorySettings settings;
  private final SiteNetwork network;
  private final ControlPlane controlPlane;
  private final Progress progress;
  private final Waiting waiting;
  private final Consumer<MoveResult> eachMove;

  Story(
      StorySettings settings,
      SiteNetwork network,
      ControlPlane controlPlane,
      Progress progress,
      Consumer<MoveResult> eachMove) {
    this.settings = settings;
    this.network = network;
    this.controlPlane = controlPlane;
    this.progress = progress;
    this.waiting = new Waiting(progress);
    this.eachMove = eachMove;
  }

  /**
   * Tells it.
   *
   * @throws LabException if it cannot go on: nothing answers, or nothing is installed any more
   */
  StoryReport tell() throws LabException {
    Vm vm = network.plan().vm(MOVING);
    Vm other = network.plan().vm(OTHER);
    progress.say("Probes start: from the client outside and from " + PROBING + " to " + MOVING);
    try (ProbeSession probes = network.probe(vm, network.plan().vm(PROBING))) {
      MeasuredMoves moves = new MeasuredMoves(network, probes, vm, waiting);
      warmUp(moves, other);
      moves.awaitAnswers();
      List<MoveResult> results = new ArrayList<>();
      for (int number = 1; number <= settings.moves(); number++) {
        MoveResult result = moves.move(number, after(network.siteOf(vm)));
        eachMove.accept(result);
        results.add(result);
      }
      FailoverResult failover = failOver(moves, vm, other);
      return new StoryReport(
          network.dataPlane(), settings.warmUpMoves(), results, failover, probes.skippedCount());
    }
  }

  private void warmUp(MeasuredMoves moves, Vm other) throws LabException {
    if (settings.warmUpMoves() > 0) {
      progress.say(other.name() + " moves " + settings.warmUpMoves() + " times, unmeasured");
    }
    for (int number = 1; number <= settings.warmUpMoves(); number++) {
      moveUnmeasured(moves, other, "warm-up move " + number);
    }
  }

  private void moveUnmeasured(MeasuredMoves moves, Vm other, String when) throws LabException {
    network.routes().restart();
    network.move(other, after(network.siteOf(other)));
    moves.awaitInstalled(other, when);
  }

  private Site after(Site site) {
    List<Site> sites = network.plan().sites();
    return sites.get((sites.indexOf(site) + 1) % sites.size());
  }

  private FailoverResult failOver(MeasuredMoves moves, Vm vm, Vm other) throws LabException {
    ControllerApi.Ownership before = owner(vm.address4(), null);
    Map<IpAddress, ControllerApi.Attachment> known = bindings();
    moves.lostAtRest();
    progress.say("Controller " + before.owner() + ", which owns " + vm.address4() + ", is killed");
    long killedNanos = System.nanoTime();
    controlPlane.processes().kill(before.owner().value());
    network.routes().restart();
    network.move(other, after(network.siteOf(other)));
    long installedNanos = moves.awaitInstalled(other, "failover");
    int lost = moves.lostAtRest();
    ControllerApi.Ownership after = owner(vm.address4(), before);
    progress.say("Controller " + after.owner() + " took over; " + vm.name() + " moves once more");
    MoveResult moveAfter = moves.move(settings.moves() + 1, after(network.siteOf(vm)));
    eachMove.accept(moveAfter);
    return new FailoverResult(
        before.owner().value(),
        after.owner().value(),
        (installedNanos - killedNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1),
        lost,
        forgottenForGood(known, List.of(vm, other)),
        moveAfter);
  }

  /** The owner of an address's range, which is another one than before if there was one before. */
  private ControllerApi.Ownership owner(IpAddress address, ControllerApi.@Nullable Ownership before)
      throws LabException {
    AtomicReference<ControllerApi.@Nullable Ownership> found = new AtomicReference<>();
    waiting.until(
        () -> {
          Optional<ControllerApi.Ownership> now = controlPlane.ownerOf(address);
          found.set(now.orElse(null));
          boolean isNew =
              now.isPresent()
                  && (before == null
                      || (now.get().epoch() > before.epoch()
                          && !now.get().owner().equals(before.owner())));
          return isNew ? "" : "a new owner of " + address;
        },
        API_BOUND);
    return Objects.requireNonNull(found.get());
  }

  private Map<IpAddress, ControllerApi.Attachment> bindings() throws LabException {
    return controlPlane
        .api()
        .bindings()
        .orElseThrow(() -> new LabException("no controller answers"));
  }

  /** What is still forgotten when the API, which may lag behind the ranges, has had its time. */
  private List<String> forgottenForGood(
      Map<IpAddress, ControllerApi.Attachment> known, List<Vm> moved) throws LabException {
    try {
      waiting.until(() -> String.join("; ", forgotten(known, moved)), API_BOUND);
      return List.of();
    } catch (LabException e) {
      progress.say(e.getMessage());
      return forgotten(known, moved);
    }
  }

  /** Each binding that is not as before, or not one version on at the new place if its VM moved. */
  private List<String> forgotten(Map<IpAddress, ControllerApi.Attachment> known, List<Vm> moved)
      throws LabException {
    Map<IpAddress, ControllerApi.Attachment> expected = new TreeMap<>(known);
    for (Vm vm : moved) {
      for (IpAddress address : vm.addresses()) {
        ControllerApi.Attachment old = known.get(address);
        long version = old == null ? 1 : old.version() + 1;
        expected.put(address, new ControllerApi.Attachment(network.siteOf(vm).fe(), version));
      }
    }
    Map<IpAddress, ControllerApi.Attachment> now = bindings();
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (address, attachment) -> {
          if (!attachment.equals(now.get(address))) {
            differences.add(address + " is " + now.get(address) + " in place of " + attachment);
          }
        });
    now.forEach(
        (address, attachment) -> {
          if (!expected.containsKey(address)) {
            differences.add(address + " is " + attachment + " out of nowhere");
          }
        });
    return differences;
  }
}
