package io.sterna.controller.policy;

import io.sterna.controller.policy.PolicySettings.KnownVm;
import io.sterna.controller.range.Admission;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.OrderedChange;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one range during one epoch. It never decides against versions, and it is not part
 * of what is replayed: an owner begins with nobody damped and nobody silent. The monotonic clocks
 * of two machines cannot be compared, and wall clocks decide nothing about bindings; so a failover
 * costs an address that is torn between sites one more window of moves, and a silent VM one more
 * report.
 *
 * <p>Not thread-safe. Decisions follow from the arguments and from what was decided before.
 */
public final class RangePolicy implements Admission {
  /** With as many for each of the most claims of a batch, a row never has too many entries. */
  private static final int SWEPT_AT_ONCE_MAX = 20;

  private static final long OMITTED_INTERVAL_NANOS = 1_000_000_000;

  private final PolicySettings settings;
  private final SilentVms silent;
  private final RefusalAudit refusals;
  private final Migrations migrations = new Migrations();
  private final @Nullable Damping damping;
  private final @Nullable SiteRoom room;
  private final int bindingsMax;
  private int addresses;
  private long nowNanos;

  /**
   * A policy at the beginning of an epoch.
   *
   * @param elsewhere how many VMs of other ranges are at a site, as far as is known
   */
  public RangePolicy(PolicySettings settings, ToIntFunction<SiteId> elsewhere) {
    this(settings, elsewhere, RangeSnapshot.MAX_BINDINGS);
  }

  /**
   * A policy of a range of limited size.
   *
   * @param bindingsMax the most addresses that are ever bound in it
   */
  public RangePolicy(PolicySettings settings, ToIntFunction<SiteId> elsewhere, int bindingsMax) {
    this.settings = settings;
    this.bindingsMax = bindingsMax;
    this.silent = new SilentVms(settings.silence());
    this.refusals = new RefusalAudit(settings.audit());
    this.damping = settings.damping().map(Damping::new).orElse(null);
    this.room =
        settings.siteCapacity().isEmpty()
            ? null
            : new SiteRoom(settings.siteCapacity(), settings.sites(), elsewhere);
  }

  /** What the range holds when the epoch begins. */
  public void begin(Iterable<Binding> bindings) {
    for (Binding binding : bindings) {
      addresses++;
      if (room != null) {
        room.changed(null, binding);
      }
    }
  }

  /** The policy at this moment: nanoseconds of a clock that does not go back. */
  public Admission at(long now) {
    nowNanos = now;
    return this;
  }

  /**
   * Does chores; what they say about damping and silence counts for claims decided afterwards.
   *
   * @return what has to be committed
   */
  public List<Entry> perform(List<Chore> chores, long now) {
    if (chores.isEmpty()) {
      return List.of();
    }
    nowNanos = now;
    List<Entry> audit = new ArrayList<>();
    chores.forEach(chore -> perform(chore, audit));
    return audit;
  }

  private void perform(Chore chore, List<Entry> audit) {
    if (chore instanceof Chore.ClearDamping clear) {
      if (damping != null) {
        damping.clear(clear.address(), clear.order(), audit);
      }
    } else if (chore instanceof Chore.NoteRefusals noted) {
      refused(noted.request(), noted.reason(), audit);
      if (noted.omitted() > 0) {
        refusals.omitted(noted.request().fe(), noted.omitted(), nowNanos);
      }
    } else if (chore instanceof Chore.NoteMigration noted) {
      migrations.said(noted.address(), noted.from(), noted.to(), nowNanos);
    } else if (chore == Chore.Sweep.INSTANCE) {
      refusals.sweep(SWEPT_AT_ONCE_MAX, audit);
      silent.sweep(nowNanos, SWEPT_AT_ONCE_MAX, audit);
      if (damping != null) {
        damping.sweep(nowNanos, SWEPT_AT_ONCE_MAX, audit);
      }
    }
  }

  /** In how long a {@link Chore.Sweep} is due; {@link Long#MAX_VALUE} = there is nothing to do. */
  public long sweepInNanos() {
    long damped = damping == null ? Long.MAX_VALUE : damping.endsInNanos(nowNanos);
    long first = Math.min(damped, silent.lapsesInNanos(nowNanos));
    return refusals.isDue() ? Math.min(first, OMITTED_INTERVAL_NANOS) : first;
  }

  @Override
  public @Nullable RejectReason refusal(
      ClaimRequest request, @Nullable Binding current, List<Entry> audit) {
    Claim claim = request.claim();
    RejectReason unknown = refusalOf(claim.address(), claim.mac(), request.fe());
    if (unknown != null) {
      return unknown;
    }
    if (current == null && addresses >= bindingsMax) {
      return RejectReason.RANGE_FULL;
    }
    if (migrations.concern(claim.address(), request.fe(), nowNanos)) {
      // A plan moves it: the VM runs there, whatever else is said.
      return null;
    }
    if (room != null && room.isFull(request.fe(), current)) {
      return RejectReason.SITE_FULL;
    }
    return isTooMuch(request, current, audit) ? RejectReason.DAMPED : null;
  }

  private @Nullable RejectReason refusalOf(IpAddress address, MacAddress mac, FeId fe) {
    if (settings.knownVms().isEmpty()) {
      return null;
    }
    KnownVm known = settings.knownVms().get(address);
    if (known == null) {
      return RejectReason.UNKNOWN_VM;
    }
    if (known.mac().isPresent() && !known.mac().get().equals(mac)) {
      return RejectReason.WRONG_MAC;
    }
    SiteId site = settings.sites().get(fe);
    boolean allowed = known.sites().isEmpty() || (site != null && known.sites().contains(site));
    return allowed ? null : RejectReason.FORBIDDEN_SITE;
  }

  /**
   * What an operator asks for has to fit the configuration: the inventory and the known VMs. It is
   * neither damped nor counted as a move, and a full site has room for it: the table says where VMs
   * are, and he knows better.
   */
  @Override
  public @Nullable RejectReason refusal(OrderedChange change, FeId fe) {
    if (!settings.sites().containsKey(fe)) {
      return RejectReason.UNKNOWN_FE;
    }
    // The version is that of what stands, and 0 is that of nothing.
    return change.seenVersion() == 0 && addresses >= bindingsMax
        ? RejectReason.RANGE_FULL
        : refusalOf(change.address(), change.mac(), fe);
  }

  @Override
  public void ordered(Binding binding, @Nullable Binding before) {
    silent.changed(binding.address());
    addresses += before == null ? 1 : 0;
    if (room != null) {
      room.changed(before, binding);
    }
    if (damping != null) {
      damping.ordered(binding.address(), binding.version());
    }
  }

  private boolean isTooMuch(ClaimRequest request, @Nullable Binding current, List<Entry> audit) {
    return damping != null
        && current != null
        && !current.isReleased()
        && damping.refuses(
            current.address(), current.version(), request.claim().evidence(), nowNanos, audit);
  }

  @Override
  public boolean releases(Binding binding) {
    return silent.isOver(binding.address(), nowNanos);
  }

  @Override
  public void changed(
      ClaimRequest request, Binding binding, @Nullable Binding before, List<Entry> audit) {
    silent.changed(binding.address());
    addresses += before == null ? 1 : 0;
    if (room != null) {
      room.changed(before, binding);
    }
    boolean moved = before != null && !before.isReleased() && !binding.isReleased();
    if (damping != null && moved && migrations.concern(binding.address(), request.fe(), nowNanos)) {
      damping.ordered(binding.address(), binding.version());
    } else if (damping != null && moved) {
      damping.moved(binding.address(), binding.version(), request.claim().evidence(), nowNanos);
    }
  }

  @Override
  public void confirmed(ClaimRequest request, Binding standing, List<Entry> audit) {
    if (request.claim().evidence() == Evidence.PROBE_UNANSWERED) {
      silent.reported(standing, nowNanos, audit);
    } else {
      silent.heard(standing, audit);
    }
  }

  @Override
  public void refused(ClaimRequest request, RejectReason reason, List<Entry> audit) {
    FeId fe = request.fe();
    refusals.refused(fe, Admission.entryOf(request, reason), nowNanos, audit);
  }

  /** Whether the VM of an address is silent where it is bound. */
  public boolean isSilent(IpAddress address) {
    return silent.isSilent(address);
  }

  /** Whether an address may not move. */
  public boolean isDamped(IpAddress address) {
    return damping != null && damping.isDamped(address);
  }

  /**
   * How long an address may not move yet; 0 = not at all, or its hold is over any moment.
   *
   * @param now by the clock of {@link #at}
   */
  public long dampedForNanos(IpAddress address, long now) {
    return damping == null ? 0 : damping.remainingNanos(address, now);
  }

  /** The addresses of these bindings to which something applies. */
  public static List<IpAddress> addresses(List<Binding> bindings, Predicate<IpAddress> applies) {
    return bindings.stream().map(Binding::address).filter(applies).toList();
  }

  /** How many VMs are silent. */
  public int silentCount() {
    return silent.count();
  }

  /** How many addresses may not move. */
  public int dampedCount() {
    return damping == null ? 0 : damping.dampedCount();
  }

  /** Whether sites have limited room. */
  public boolean countsSites() {
    return room != null;
  }

  /** How many VMs are at each site; empty if sites have room for any number. */
  public Map<SiteId, Integer> siteCounts() {
    return room == null ? Map.of() : room.counts();
  }
}
