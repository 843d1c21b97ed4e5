package io.sterna.simulation;

import io.sterna.protocol.RangeId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the controllers believe each range to be. A controller that is not heard of loses its
 * ranges to others, and goes on serving them until it learns of that.
 */
final class Cluster {
  private static final long WAKE_INTERVAL = 500_000_000;

  private final World world;
  private final List<Controller> controllers;
  private final Map<RangeId, Controller> homes = new TreeMap<>();
  private final Map<Controller, Long> silentSince = new TreeMap<>(this::inOrder);
  private final Set<Controller> isolated = new HashSet<>();

  Cluster(World world, List<Controller> controllers) {
    this.world = world;
    this.controllers = controllers;
    world.ranges().forEach(range -> homes.put(range, world.chance().oneOf(controllers)));
    wake();
  }

  @Nullable Owner owner(RangeId range) {
    Controller home = homes.get(range);
    return home == null ? null : home.owner(range);
  }

  List<Owner> activeOwners(RangeId range) {
    return controllers.stream()
        .map(controller -> controller.owner(range))
        .filter(owner -> owner != null && owner.isActive())
        .toList();
  }

  /** Passes a claim on to where the range is believed to be; nobody answers for what is lost. */
  void forward(Controller from, RangeId range, Owner.Waiting claim) {
    Controller home = homes.get(range);
    if (home == null || isolated.contains(from) || isolated.contains(home)) {
      return;
    }
    world
        .timeline()
        .after(
            world.chance().millis(0, 3),
            home.machine(),
            claim.claim(),
            () -> {
              Owner owner = home.owner(range);
              if (owner != null) {
                owner.register(claim);
              }
            });
  }

  /** The others do not hear of this controller, nor it of them. */
  void isolate(Controller controller, long nanos) {
    isolated.add(controller);
    world
        .timeline()
        .after(
            nanos,
            world.outside(),
            controller.id() + " is heard again",
            () -> isolated.remove(controller));
  }

  void heal() {
    isolated.clear();
  }

  /** A second owner is started while the first still runs, and ends some time later. */
  void split(RangeId range) {
    Controller first = homes.get(range);
    Controller second = someoneElse(first);
    if (first == null || second == null) {
      return;
    }
    homes.put(range, second);
    second.startOwner(range);
    end(first, range);
  }

  /** The range moves in order. */
  void handOff(RangeId range) {
    Controller first = homes.get(range);
    Controller second = someoneElse(first);
    Owner owner = owner(range);
    if (owner != null && second != null) {
      owner.handOff(() -> homes.computeIfPresent(range, (r, now) -> now == first ? second : now));
    }
  }

  private void wake() {
    for (Controller controller : controllers) {
      Machine machine = controller.machine();
      boolean silent =
          !machine.isUp()
              || machine.pausedUntil() > world.timeline().now()
              || isolated.contains(controller);
      if (silent) {
        silentSince.putIfAbsent(controller, world.timeline().now());
      } else {
        silentSince.remove(controller);
      }
    }
    for (RangeId range : world.ranges()) {
      wake(range);
    }
    world.timeline().quietly(WAKE_INTERVAL, world.outside(), this::wake);
  }

  private void wake(RangeId range) {
    Controller home = homes.get(range);
    Long since = home == null ? null : silentSince.get(home);
    if (since != null && world.timeline().now() - since > 1_000_000_000) {
      split(range);
    } else if (home != null && since == null) {
      home.startOwner(range);
      controllers.stream()
          .filter(other -> other != home && !silentSince.containsKey(other))
          .forEach(other -> end(other, range));
    }
  }

  private void end(Controller first, RangeId range) {
    Owner owner = first.owner(range);
    if (owner == null) {
      return;
    }
    world
        .timeline()
        .after(
            world.chance().millis(100, 4_000),
            first.machine(),
            range + " is another's by now",
            () -> owner.stop("the cluster moved on"));
  }

  private @Nullable Controller someoneElse(@Nullable Controller first) {
    List<Controller> others =
        controllers.stream()
            .filter(other -> other != first && other.machine().isUp())
            .filter(other -> !silentSince.containsKey(other))
            .toList();
    return others.isEmpty() ? null : world.chance().oneOf(others);
  }

  private int inOrder(Controller one, Controller other) {
    return one.id().compareTo(other.id());
  }
}
