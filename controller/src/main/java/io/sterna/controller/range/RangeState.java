package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a range has committed. {@link #decide} changes nothing; {@link #apply} is the only way
 * to change it, with rows that are in the journal. Not thread-safe.
 *
 * <p>A claim is accepted if the claimant had seen the binding that stands: versions decide, never
 * clocks (DESIGN 4.3). So an announcement that is late or repeated cannot pull a VM back: by then
 * the version has moved on. The same holds for what an element says of a VM that fell silent. An
 * {@link Admission} may refuse more, but accepts nothing that the version forbids.
 */
public final class RangeState {
  /** How many rows can be taken back; two is the most that rows of three owners at once need. */
  private static final int TAKEN_BACK_MAX = 4;

  private static final int ASIDE_MAX = 8;

  private final RangeId range;
  private final boolean fromSnapshot;
  private final Deque<Applied> newest = new ArrayDeque<>();
  private final Map<ChainHash, RangeEvent> aside = new LinkedHashMap<>();
  private final BindingTable bindings = new BindingTable();
  private boolean settled;
  private int releasedCount;
  private long epoch;
  private long unconnectedEpoch;
  private long revision;
  private ChainHash hash = ChainHash.GENESIS;

  /** A row, and how it was before. */
  private record Applied(
      RangeEvent row,
      long epoch,
      long revision,
      ChainHash hash,
      Map<IpAddress, Optional<Binding>> bindings) {}

  /** A range that never committed anything. */
  public RangeState(RangeId range) {
    this(range, false);
  }

  private RangeState(RangeId range, boolean fromSnapshot) {
    this.range = range;
    this.fromSnapshot = fromSnapshot;
  }

  /** The state that a snapshot describes. */
  public static RangeState of(RangeId range, RangeSnapshot snapshot) {
    RangeState state = new RangeState(range, true);
    state.epoch = snapshot.epoch();
    state.revision = snapshot.revision();
    state.hash = snapshot.hash();
    snapshot.bindings().forEach(state::put);
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

  /** The number of bindings, released ones left out. */
  public int size() {
    return bindings.size() - releasedCount;
  }

  /** A copy of every binding, released ones included, in order of address. */
  public List<Binding> bindings() {
    return bindings.page(null, Integer.MAX_VALUE, binding -> true);
  }

  /** The binding of an address, also if it was released. */
  public Optional<Binding> binding(IpAddress address) {
    return Optional.ofNullable(bindings.get(address));
  }

  /**
   * At most {@code limit} bindings in order of address, those after an address or the first;
   * released ones left out.
   */
  public List<Binding> page(Optional<IpAddress> after, int limit) {
    return bindings.page(after.orElse(null), limit, binding -> !binding.isReleased());
  }

  /** Decides claims by their versions alone. */
  public Batch decide(List<ClaimRequest> claims) {
    return decide(claims, Admission.OPEN, List.of());
  }

  /** Decides claims, and nothing that operators ask for. */
  public Batch decide(List<ClaimRequest> claims, Admission admission, List<Entry> first) {
    return decide(Orders.NONE, claims, admission, first);
  }

  /**
   * Decides what an operator asks for, then claims, in order, each as if those before it were
   * committed already.
   *
   * @param admission what else has to hold
   * @param first entries to be committed before those of the claims
   */
  public Batch decide(
      Orders orders, List<ClaimRequest> claims, Admission admission, List<Entry> first) {
    Map<IpAddress, Binding> accepted = new HashMap<>();
    List<Decision> decisions = new ArrayList<>(claims.size());
    List<Entry> entries = new ArrayList<>(first.size() + orders.changes().size() + claims.size());
    entries.addAll(first);
    OrderDesk desk = new OrderDesk(range, bindings::get, admission);
    List<Decision> ordered = new ArrayList<>(orders.changes().size());
    for (OrderedChange change : orders.changes()) {
      ordered.add(desk.decide(change, orders.order(), accepted, entries));
    }
    for (ClaimRequest request : claims) {
      IpAddress address = request.claim().address();
      Binding current = accepted.getOrDefault(address, bindings.get(address));
      Decision decision = decide(request, current, admission, entries);
      decisions.add(decision);
      if (decision instanceof Decision.Rejected rejected) {
        admission.refused(request, rejected.reason(), entries);
      } else if (decision instanceof Decision.Accepted now) {
        if (now.binding().equals(current)) {
          admission.confirmed(request, now.binding(), entries);
        } else {
          accepted.put(address, now.binding());
          entries.add(change(request, now.binding(), current));
          admission.changed(request, now.binding(), current, entries);
        }
      }
    }
    return new Batch(ordered, decisions, entries);
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
   * Takes over a row that is in the journal. Rows come in the order of their numbers; those of one
   * number in any order.
   *
   * <p>What counts is the newest row of the highest epoch, and what it follows. An owner that was
   * paused or cut off may have written at the same place as its successor, or its row may have
   * arrived after the next owner read the journal: such a row is set aside, or taken back if it
   * came first, and counts again if a later row names it. Whoever wrote the row that counts had
   * read all that was acknowledged before.
   */
  public void apply(RangeEvent row) {
    if (row.epoch() < epoch) {
      setAside(row);
      return;
    }
    // From the first row on, what follows nothing is a fault for the audit, and service goes on.
    if (!row.previousHash().equals(hash) && !goTo(row.previousHash()) && fromSnapshot) {
      unconnectedEpoch = Math.max(unconnectedEpoch, row.epoch());
      setAside(row);
      return;
    }
    advance(row);
  }

  /**
   * Whether rows that count may follow one that the snapshot does not know: this state is of no
   * use, and the replay has to begin earlier.
   */
  public boolean missesRows() {
    return unconnectedEpoch > 0 && unconnectedEpoch >= epoch;
  }

  /**
   * No other owner's row counts at the place of a row applied so far or from now on: keeps nothing
   * to take back any more.
   */
  public void settle() {
    settled = true;
    newest.clear();
    aside.clear();
  }

  private void advance(RangeEvent row) {
    Map<IpAddress, Optional<Binding>> before = new HashMap<>();
    if (row instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        if (entry instanceof Entry.Change change) {
          Binding old = put(change.binding());
          if (!settled) {
            before.putIfAbsent(change.binding().address(), Optional.ofNullable(old));
          }
        }
      }
    }
    if (!settled) {
      newest.addLast(new Applied(row, epoch, revision, hash, before));
      if (newest.size() > TAKEN_BACK_MAX) {
        newest.removeFirst();
      }
    }
    epoch = row.epoch();
    revision = row.lastRevision();
    hash = row.hash();
  }

  /** Makes this the newest row, if it is known. */
  private boolean goTo(ChainHash target) {
    Deque<RangeEvent> path = new ArrayDeque<>();
    ChainHash from = target;
    while (!isOnPath(from)) {
      RangeEvent row = aside.get(from);
      if (row == null) {
        return false;
      }
      path.addFirst(row);
      from = row.previousHash();
    }
    while (!hash.equals(from)) {
      takeBack(newest.removeLast());
    }
    path.forEach(this::advance);
    return true;
  }

  private boolean isOnPath(ChainHash wanted) {
    return hash.equals(wanted) || newest.stream().anyMatch(row -> row.hash().equals(wanted));
  }

  private void takeBack(Applied last) {
    last.bindings()
        .forEach(
            (address, old) ->
                old.ifPresentOrElse(this::put, () -> count(bindings.remove(address), -1)));
    epoch = last.epoch();
    revision = last.revision();
    hash = last.hash();
    setAside(last.row());
  }

  private @Nullable Binding put(Binding binding) {
    Binding before = bindings.put(binding);
    count(before, -1);
    count(binding, 1);
    return before;
  }

  private void count(@Nullable Binding binding, int by) {
    if (binding != null && binding.isReleased()) {
      releasedCount += by;
    }
  }

  private void setAside(RangeEvent row) {
    aside.put(row.hash(), row);
    if (aside.size() > ASIDE_MAX) {
      aside.remove(aside.keySet().iterator().next());
    }
  }

  private Decision decide(
      ClaimRequest request, @Nullable Binding current, Admission admission, List<Entry> audit) {
    Claim claim = request.claim();
    if (!range.prefix().contains(claim.address())) {
      return new Decision.Rejected(RejectReason.NOT_MOBILE, 0);
    }
    long currentVersion = current == null ? 0 : current.version();
    if (claim.mac().isNone() || claim.mac().isGroup()) {
      return new Decision.Rejected(RejectReason.WRONG_MAC, currentVersion);
    }
    boolean silent = claim.evidence() == Evidence.PROBE_UNANSWERED;
    Binding here = current != null && isAt(current, request.fe(), claim) ? current : null;
    if (here != null && !silent) {
      return new Decision.Accepted(here);
    }
    if (claim.seenVersion() < currentVersion) {
      return new Decision.Rejected(RejectReason.STALE, currentVersion);
    }
    if (claim.seenVersion() > currentVersion) {
      return new Decision.Rejected(RejectReason.FROM_THE_FUTURE, currentVersion);
    }
    if (silent) {
      return here == null
          ? new Decision.Rejected(RejectReason.NOT_ATTACHED, currentVersion)
          : new Decision.Accepted(admission.releases(here) ? here.released() : here);
    }
    RejectReason refusal = admission.refusal(request, current, audit);
    return refusal != null
        ? new Decision.Rejected(refusal, currentVersion)
        : new Decision.Accepted(
            new Binding(claim.address(), request.fe(), claim.mac(), currentVersion + 1));
  }

  private static boolean isAt(Binding binding, FeId fe, Claim claim) {
    return binding.fe().equals(fe) && binding.mac().equals(claim.mac());
  }

  private static Entry change(ClaimRequest request, Binding binding, @Nullable Binding current) {
    Claim claim = request.claim();
    if (binding.isReleased()) {
      return new Entry.Released(
          claim.mac(), binding, claim.evidence(), request.fe(), claim.seenVersion());
    }
    FeId before = current == null || current.isReleased() ? null : current.fe();
    return new Entry.Bound(binding, claim.evidence(), request.fe(), claim.seenVersion(), before);
  }
}
