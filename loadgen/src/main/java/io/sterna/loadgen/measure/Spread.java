package io.sterna.loadgen.measure;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows each change until the last element has it.
 *
 * <p>A change is a version of a VM's binding. What the first element that gets beyond all others
 * hears on its way is written down once, as a stretch of the range; for every other element it is
 * enough to see that it has passed the end of that stretch, whether change by change, conflated or
 * by a snapshot. So an element costs nothing for each change. Not thread-safe.
 */
public final class Spread {
  private static final int VERSION_BITS = 32;

  private final int fes;
  private final Elements elements;
  private final Times times;
  private final Map<Long, Change> changes = new HashMap<>();
  private final Map<RangeId, Line> lines = new HashMap<>();
  private List<Change> news = new ArrayList<>();
  private boolean following;
  private long installed;

  private static final class Change {
    private final Long key;
    private @Nullable Stretch stretch;
    private boolean accepted;
    private boolean measured;
    private long dueNanos;

    Change(Long key) {
      this.key = key;
    }
  }

  /** The way of a range from where some element was to where it got first. */
  private static final class Stretch {
    private final RangePosition end;
    private final List<Change> changes;
    private int passed;
    private long lastPassedNanos;
    private boolean passedByAll;

    Stretch(RangePosition end, List<Change> changes) {
      this.end = end;
      this.changes = changes;
    }
  }

  /** The stretches of a range that not all elements have passed, in order. */
  private static final class Line {
    private final List<Stretch> stretches = new ArrayList<>();
    private int first;
    private @Nullable RangePosition furthest;

    /** The first that ends after a position; how many there are if none does. */
    private int after(RangePosition position) {
      int from = first;
      int until = stretches.size();
      while (from < until) {
        int middle = (from + until) >>> 1;
        if (position.isBefore(stretches.get(middle).end)) {
          until = middle;
        } else {
          from = middle + 1;
        }
      }
      return from;
    }

    /** The oldest, if all elements have passed it; it is taken away. */
    private @Nullable Stretch pollPassed(int fes) {
      if (first == stretches.size() || stretches.get(first).passed < fes) {
        return null;
      }
      Stretch passed = stretches.get(first++);
      if (2 * first >= stretches.size()) {
        stretches.subList(0, first).clear();
        first = 0;
      }
      return passed;
    }
  }

  /** Takes the time of each measured change. */
  @FunctionalInterface
  public interface Times {
    /** A change that was due then took so long to the last element. */
    void installed(long dueNanos, long tookNanos);
  }

  /** What the elements' tables hold. */
  public interface Elements {
    /** Whether all of them have this version of a VM's binding or a higher one. */
    boolean allHave(int vm, int version);

    /** How many of them are at this position or further. */
    int countAt(RangePosition position);
  }

  /**
   * @param fes the number of elements
   * @param times where the time of each measured change goes
   */
  public Spread(int fes, Elements elements, Times times) {
    this.fes = fes;
    this.elements = elements;
    this.times = times;
  }

  /** All elements have heard the same: what changes from now on is followed. */
  public void follow() {
    following = true;
  }

  /** Whether no element has been at this position: then {@link #heard} is to be called. */
  public boolean isNew(RangePosition next) {
    Line line = lines.get(next.range());
    return following && (line == null || line.furthest == null || line.furthest.isBefore(next));
  }

  /** On its way to a new position, an element heard a VM go from one version to a higher one. */
  public void heard(int vm, int fromVersion, int toVersion) {
    for (int version = fromVersion + 1; version <= toVersion; version++) {
      Change change = changes.computeIfAbsent(key(vm, version), Change::new);
      // One that all had passed belonged to an owner whose rows were discarded.
      if (change.stretch == null || change.stretch.passedByAll) {
        news.add(change);
      }
    }
  }

  /** An element went from one position of a range to a later one. */
  public void moved(RangePosition from, RangePosition to, long nowNanos) {
    if (!following) {
      return;
    }
    boolean first = isNew(to);
    Line line = lines.computeIfAbsent(to.range(), range -> new Line());
    int until = line.after(to);
    for (int i = line.after(from); i < until; i++) {
      Stretch stretch = line.stretches.get(i);
      stretch.passed++;
      stretch.lastPassedNanos = nowNanos;
    }
    if (first) {
      begin(line, to, nowNanos);
    }
    Stretch next = line.pollPassed(fes);
    while (next != null) {
      finish(next);
      next = line.pollPassed(fes);
    }
  }

  private void begin(Line line, RangePosition end, long nowNanos) {
    Stretch stretch = new Stretch(end, news);
    for (Change change : news) {
      change.stretch = stretch;
    }
    news = new ArrayList<>();
    // More than one only if some were further than others when this began to follow them.
    stretch.passed = elements.countAt(end);
    stretch.lastPassedNanos = nowNanos;
    line.stretches.add(stretch);
    line.furthest = end;
  }

  private void finish(Stretch stretch) {
    stretch.passedByAll = true;
    for (Change change : stretch.changes) {
      if (change.accepted && change.stretch == stretch) {
        finish(change, stretch.lastPassedNanos);
      }
    }
  }

  /**
   * A change was acknowledged.
   *
   * @param dueNanos when its event was due
   * @param measured whether it counts
   */
  public void accepted(int vm, int version, long dueNanos, boolean measured, long nowNanos) {
    Change change = changes.computeIfAbsent(key(vm, version), Change::new);
    change.accepted = true;
    change.measured = measured;
    change.dueNanos = dueNanos;
    Stretch stretch = change.stretch;
    if (stretch != null && stretch.passedByAll) {
      finish(change, stretch.lastPassedNanos);
    } else if (stretch == null && elements.allHave(vm, version)) {
      // A claim that was acknowledged a second time.
      finish(change, nowNanos);
    }
  }

  /** Changes that all elements have. */
  public long installed() {
    return installed;
  }

  /** Acknowledged changes that some element does not have. */
  public long waiting() {
    return changes.values().stream().filter(change -> change.accepted).count();
  }

  /** Tells how long each measured change has waited for the last element that is not there yet. */
  public void unfinished(long nowNanos, Times open) {
    for (Change change : changes.values()) {
      if (change.accepted && change.measured) {
        open.installed(change.dueNanos, nowNanos - change.dueNanos);
      }
    }
  }

  private void finish(Change change, long lastPassedNanos) {
    changes.remove(change.key);
    installed++;
    if (change.measured) {
      times.installed(change.dueNanos, lastPassedNanos - change.dueNanos);
    }
  }

  private static Long key(int vm, int version) {
    return ((long) vm << VERSION_BITS) | Integer.toUnsignedLong(version);
  }
}
