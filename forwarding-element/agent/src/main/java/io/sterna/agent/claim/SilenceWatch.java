package io.sterna.agent.claim;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.table.DesiredTable;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SouthboundMessage.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Which VMs of this element fell silent. Who was not heard for long is asked; who does not answer
 * is reported, with the version that stands, and asked and reported again and again. Who is heard
 * again is reported with each announcement until that is known to have arrived.
 *
 * <p>States of a VM that is bound here: heard -> asked -> silent -> asked ...; from each of them it
 * is heard again at its next word. What it says costs one look-up. Pure and not thread-safe; times
 * are nanoseconds of any clock that does not go back.
 */
public final class SilenceWatch {
  private final SilenceSettings settings;
  private final DesiredTable table;
  private final LongSupplier claimIds;
  private final Map<IpAddress, Watched> watched = new HashMap<>();
  private final Map<Long, Watched> unanswered = new HashMap<>();
  private final TreeSet<Watched> byDue =
      new TreeSet<>(
          Comparator.<Watched>comparingLong(vm -> vm.dueNanos).thenComparing(vm -> vm.address));

  private enum State {
    HEARD,
    ASKED,
    SILENT
  }

  private static final class Watched {
    final IpAddress address;
    final MacAddress mac;
    State state = State.HEARD;
    long heardNanos;
    long dueNanos;
    int asked;

    /** Whether the controllers may believe that it is silent. */
    boolean saidSilent;

    long silentClaim;
    long heardClaim;
    long heardClaimNanos;

    Watched(IpAddress address, MacAddress mac, long nowNanos) {
      this.address = address;
      this.mac = mac;
      this.heardNanos = nowNanos;
    }
  }

  /**
   * Nobody is watched.
   *
   * @param table what is bound where, as this element knows; only read
   * @param claimIds never gives a number twice, nor one that is given to another claim
   */
  public SilenceWatch(SilenceSettings settings, DesiredTable table, LongSupplier claimIds) {
    this.settings = settings;
    this.table = table;
    this.claimIds = claimIds;
  }

  /** What is bound here is watched from now on, and what is not, no longer. */
  public void routed(List<RouteChange> changes, long nowNanos) {
    for (RouteChange change : changes) {
      Watched before = watched.get(change.address());
      MacAddress mac =
          change instanceof RouteChange.Put put
                  && put.route().nextHop() instanceof NextHop.Local local
              ? local.mac()
              : MacAddress.NONE;
      if (before != null && !before.mac.equals(mac)) {
        forget(before);
      }
      if (!mac.isNone() && (before == null || !before.mac.equals(mac))) {
        Watched vm = new Watched(change.address(), mac, nowNanos);
        vm.dueNanos = nowNanos + settings.after().toNanos();
        watched.put(vm.address, vm);
        byDue.add(vm);
      }
    }
  }

  /** A VM said something. */
  public List<ClaimAction> heard(Announcement announcement, long nowNanos) {
    if (announcement instanceof Announcement.OfAddress named) {
      Watched vm = watched.get(named.address());
      return vm != null && vm.mac.equals(named.mac())
          ? heard(vm, named.evidence(), nowNanos)
          : List.of();
    }
    List<ClaimAction> actions = new ArrayList<>();
    for (Binding binding : table.bindingsOf(announcement.mac())) {
      Watched vm = watched.get(binding.address());
      if (vm != null && vm.mac.equals(announcement.mac())) {
        actions.addAll(heard(vm, announcement.evidence(), nowNanos));
      }
    }
    return actions;
  }

  /** What was said in a claim is known to the controllers. */
  public void accepted(long claimId) {
    Watched vm = unanswered.remove(claimId);
    if (vm != null && claimId == vm.heardClaim) {
      vm.saidSilent = false;
    } else if (vm != null && claimId == vm.silentClaim) {
      // Perhaps later than that the VM was heard again.
      vm.saidSilent = true;
    }
  }

  /** Nobody took note of what was said in a claim. */
  public void rejected(long claimId) {
    unanswered.remove(claimId);
  }

  /** Does what has become due. */
  public List<ClaimAction> tick(long nowNanos) {
    List<ClaimAction> actions = new ArrayList<>();
    while (actions.size() < settings.atOnceMax()
        && !byDue.isEmpty()
        && nowNanos - byDue.first().dueNanos >= 0) {
      onTime(byDue.first(), nowNanos, actions);
    }
    return actions;
  }

  /** The VMs of this element that are silent. */
  public int silentCount() {
    return (int) watched.values().stream().filter(vm -> vm.saidSilent).count();
  }

  private List<ClaimAction> heard(Watched vm, Evidence evidence, long nowNanos) {
    vm.heardNanos = nowNanos;
    if (vm.state != State.HEARD) {
      vm.state = State.HEARD;
      due(vm, nowNanos + settings.after().toNanos());
    }
    boolean awaited =
        unanswered.containsKey(vm.heardClaim)
            && nowNanos - vm.heardClaimNanos < settings.answerTimeout().toNanos();
    if (!vm.saidSilent || awaited) {
      return List.of();
    }
    unanswered.remove(vm.heardClaim);
    vm.heardClaim = claimIds.getAsLong();
    vm.heardClaimNanos = nowNanos;
    return report(vm, vm.heardClaim, evidence);
  }

  private void onTime(Watched vm, long nowNanos, List<ClaimAction> actions) {
    long heardFor = nowNanos - vm.heardNanos;
    if (!table.isLocal(vm.address)) {
      // Bound to an element whose tunnel nobody has named: no route said so.
      forget(vm);
    } else if (vm.state == State.HEARD && heardFor < settings.after().toNanos()) {
      due(vm, vm.heardNanos + settings.after().toNanos());
    } else if (vm.state == State.ASKED && vm.asked >= settings.probes()) {
      vm.state = State.SILENT;
      vm.saidSilent = true;
      unanswered.remove(vm.silentClaim);
      vm.silentClaim = claimIds.getAsLong();
      actions.addAll(report(vm, vm.silentClaim, Evidence.PROBE_UNANSWERED));
      due(vm, nowNanos + settings.repeatInterval().toNanos());
    } else {
      vm.asked = vm.state == State.ASKED ? vm.asked + 1 : 1;
      vm.state = State.ASKED;
      actions.add(new ClaimAction.Probe(vm.address, vm.mac));
      due(vm, nowNanos + settings.probeInterval().toNanos());
    }
  }

  private List<ClaimAction> report(Watched vm, long claimId, Evidence evidence) {
    long version = table.binding(vm.address).map(Binding::version).orElse(0L);
    unanswered.put(claimId, vm);
    return List.of(
        new ClaimAction.Report(new Claim(claimId, vm.address, vm.mac, version, evidence)));
  }

  private void due(Watched vm, long atNanos) {
    byDue.remove(vm);
    vm.dueNanos = atNanos;
    byDue.add(vm);
  }

  private void forget(Watched vm) {
    watched.remove(vm.address);
    byDue.remove(vm);
    unanswered.remove(vm.silentClaim);
    unanswered.remove(vm.heardClaim);
  }
}
