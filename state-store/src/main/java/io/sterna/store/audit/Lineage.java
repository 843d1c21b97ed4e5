package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rows count, row by row and with bounded memory: what {@link io.sterna.store.chain.History}
 * says of a whole journal. Not thread-safe.
 *
 * <p>Mostly one row follows the other, and counts as soon as the next place begins. Where an owner
 * that was paused or cut off wrote beside its successor, several rows stand at one place. Then each
 * row waits until {@value #OPEN_PLACES_MAX} places further on, many more than an owner ever takes
 * back; what counts is the newest row of the highest epoch, and what it follows.
 */
public final class Lineage {
  /** For how many places several rows may stay in question. */
  static final int OPEN_PLACES_MAX = 64;

  private final Map<ChainHash, Placed> open = new LinkedHashMap<>();
  private @Nullable ChainHash head;
  private long first;
  private long current;
  private boolean connected = true;

  /**
   * @param base the hash of the row before the first
   */
  public Lineage(ChainHash base) {
    this.head = base;
  }

  private Lineage() {}

  /** Each row at the first place may follow the one before, which is not known. */
  static Lineage fromAnywhere() {
    return new Lineage();
  }

  /**
   * Takes the next row: numbers ascend, rows of one number come in any order.
   *
   * @return rows that count from now on, whatever follows
   * @throws Disconnected if nothing at the place before followed anything
   */
  public List<Placed> add(Placed next) throws Disconnected {
    List<Placed> settled = List.of();
    if (next.number() != current) {
      if (!connected) {
        throw new Disconnected(current);
      }
      settled = settle(next.number());
      current = next.number();
      first = first == 0 ? current : first;
      connected = false;
    }
    ChainHash previous = next.row().previousHash();
    boolean root = head == null ? next.number() == first : previous.equals(head);
    if (root || open.containsKey(previous)) {
      open.put(next.row().hash(), next);
      connected = true;
    }
    return settled;
  }

  /**
   * No row follows.
   *
   * @return the last rows that count
   * @throws Disconnected if nothing at the last place followed anything
   */
  public List<Placed> end() throws Disconnected {
    if (!connected) {
      throw new Disconnected(current);
    }
    List<Placed> path = best();
    open.clear();
    return path;
  }

  private List<Placed> settle(long next) {
    if (open.isEmpty()) {
      return List.of();
    }
    List<Placed> path = best();
    if (path.size() < open.size()) {
      // What is far back is sure. What is near may yet turn out to be late, though it is the best
      // now.
      path = path.stream().filter(each -> each.number() <= next - OPEN_PLACES_MAX).toList();
    }
    if (!path.isEmpty()) {
      follow(path.get(path.size() - 1).row().hash());
    }
    return path;
  }

  /** Keeps of what is in question only what follows this. */
  private void follow(ChainHash sure) {
    List<Placed> all = List.copyOf(open.values());
    open.clear();
    head = sure;
    for (Placed each : all) {
      ChainHash previous = each.row().previousHash();
      if (previous.equals(head) || open.containsKey(previous)) {
        open.put(each.row().hash(), each);
      }
    }
  }

  /** To the newest row of the highest epoch. */
  private List<Placed> best() {
    if (open.size() == 1) {
      return List.copyOf(open.values());
    }
    @Nullable Placed newest = null;
    for (Placed each : open.values()) {
      if (newest == null || each.row().epoch() >= newest.row().epoch()) {
        newest = each;
      }
    }
    Deque<Placed> path = new ArrayDeque<>();
    for (Placed at = newest; at != null; at = open.get(at.row().previousHash())) {
      path.addFirst(at);
    }
    return new ArrayList<>(path);
  }

  /** No row at a place follows any row at the place before it. */
  public static final class Disconnected extends Exception {
    private static final long serialVersionUID = 1L;

    private final long number;

    Disconnected(long number) {
      super("row " + number + " follows no row that is there");
      this.number = number;
    }

    /** The place. */
    public long number() {
      return number;
    }
  }
}
