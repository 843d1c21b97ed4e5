package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a range has committed. {@link #decide} changes nothing; {@link #apply} is the only way
 * to change it, with rows that are in the journal. Not thread-safe.
 *
 * <p>A claim is accepted if the claimant had seen the binding that stands: versions decide, never
 * clocks (DESIGN 4.3). So an announcement that is late or repeated cannot pull a VM back: by then
 * the version has moved on.
 */
public final class RangeState {
  private final RangeId range;
  private final TreeMap<IpAddress, Binding> bindings = new TreeMap<>();
  private long epoch;
  private long revision;
  private ChainHash hash = ChainHash.GENESIS;

  /** A range that never committed anything. */
  public RangeState(RangeId range) {
    this.range = range;
  }

  /** The state that a snapshot describes. */
  public static RangeState of(RangeId range, RangeSnapshot snapshot) {
    RangeState state = new RangeState(range);
    state.epoch = snapshot.epoch();
    state.revision = snapshot.revision();
    state.hash = snapshot.hash();
    snapshot.bindings().forEach(binding -> state.bindings.put(binding.address(), binding));
    return state;
  }

  /** An immutable copy. */
  public RangeSnapshot toSnapshot() {
    return new RangeSnapshot(epoch, revision, hash, bindings());
  }

  /** The epoch of the newest row; 0 = none. */
  public long epoch() {
    return epoch;
  }

  /** The count of changes committed. */
  public long revision() {
    return revision;
  }

  /** The hash of the newest row. */
  public ChainHash hash() {
    return hash;
  }

  /** The number of bindings. */
  public int size() {
    return bindings.size();
  }

  /** A copy of every binding, in order of address. */
  public List<Binding> bindings() {
    return List.copyOf(bindings.values());
  }

  /** The binding of an address. */
  public Optional<Binding> binding(IpAddress address) {
    return Optional.ofNullable(bindings.get(address));
  }

  /** At most {@code limit} bindings in order of address, those after an address or the first. */
  public List<Binding> page(Optional<IpAddress> after, int limit) {
    Map<IpAddress, Binding> rest =
        after.<Map<IpAddress, Binding>>map(last -> bindings.tailMap(last, false)).orElse(bindings);
    return rest.values().stream().limit(limit).toList();
  }

  /** Decides claims in order, each as if those before it were committed already. */
  public Batch decide(List<ClaimRequest> claims) {
    Map<IpAddress, Binding> accepted = new HashMap<>();
    List<Decision> decisions = new ArrayList<>(claims.size());
    List<Entry> entries = new ArrayList<>(claims.size());
    for (ClaimRequest request : claims) {
      IpAddress address = request.claim().address();
      Binding current = accepted.getOrDefault(address, bindings.get(address));
      Decision decision = decide(request, current);
      decisions.add(decision);
      if (decision instanceof Decision.Accepted now && !now.binding().equals(current)) {
        accepted.put(address, now.binding());
        entries.add(bound(request, now.binding(), current));
      } else if (decision instanceof Decision.Rejected rejected) {
        entries.add(refused(request, rejected.reason()));
      }
    }
    return new Batch(decisions, entries);
  }

  /** The journal row of a batch that has entries. */
  public RangeCommitted seal(Batch batch, long ownerEpoch, long atEpochMillis) {
    return Chain.committed(ownerEpoch, revision + 1, atEpochMillis, batch.entries(), hash);
  }

  /** The journal row by which a controller begins its epoch. */
  public RangeActivated activate(long ownerEpoch, ControllerId owner, long atEpochMillis) {
    return Chain.activated(range, ownerEpoch, owner, revision, atEpochMillis, hash);
  }

  /**
   * Takes over a row that is in the journal. A row of an epoch that was superseded when it was
   * written is none: its owner could not know, and nobody was told of it by the successor.
   */
  public void apply(RangeEvent row) {
    if (row.epoch() < epoch) {
      return;
    }
    if (row instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        if (entry instanceof Entry.Bound bound) {
          bindings.put(bound.binding().address(), bound.binding());
        }
      }
    }
    epoch = row.epoch();
    revision = row.lastRevision();
    hash = row.hash();
  }

  private Decision decide(ClaimRequest request, @Nullable Binding current) {
    Claim claim = request.claim();
    if (!range.prefix().contains(claim.address())) {
      return new Decision.Rejected(RejectReason.NOT_MOBILE, 0);
    }
    long currentVersion = current == null ? 0 : current.version();
    if (current != null && isAt(current, request.fe(), claim)) {
      return new Decision.Accepted(current);
    }
    if (claim.seenVersion() < currentVersion) {
      return new Decision.Rejected(RejectReason.STALE, currentVersion);
    }
    if (claim.seenVersion() > currentVersion) {
      return new Decision.Rejected(RejectReason.FROM_THE_FUTURE, currentVersion);
    }
    return new Decision.Accepted(
        new Binding(claim.address(), request.fe(), claim.mac(), currentVersion + 1));
  }

  private static boolean isAt(Binding binding, FeId fe, Claim claim) {
    return binding.fe().equals(fe) && binding.mac().equals(claim.mac());
  }

  private static Entry bound(ClaimRequest request, Binding binding, @Nullable Binding current) {
    return new Entry.Bound(
        binding,
        request.claim().evidence(),
        request.fe(),
        request.claim().seenVersion(),
        current == null ? null : current.fe());
  }

  private static Entry refused(ClaimRequest request, RejectReason reason) {
    Claim claim = request.claim();
    return new Entry.Refused(
        claim.address(), request.fe(), claim.mac(), reason, claim.evidence(), claim.seenVersion());
  }
}
