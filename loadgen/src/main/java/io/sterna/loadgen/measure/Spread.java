package io.sterna.loadgen.measure;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int NEWS_FIRST = 1 << 10;

  private final int fes;
  private final Elements elements;
  private final Times times;
  private final OpenChanges changes;
  private final Map<RangeId, Line> lines = new HashMap<>();
  private int[] news = new int[NEWS_FIRST];
  private int newsCount;
  private boolean following;
  private long installed;

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
   * @param vms the number of VMs
   * @param fes the number of elements
   * @param times where the time of each measured change goes
   */
  public Spread(int vms, int fes, Elements elements, Times times) {
    this.changes = new OpenChanges(vms);
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

  /**
   * On its way to a new position, an element heard a VM go from one version to a higher one. {@link
   * #moved} follows before anything else is said.
   */
  public void heard(int vm, int fromVersion, int toVersion) {
    for (int version = fromVersion + 1; version <= toVersion; version++) {
      int change = changes.of(vm, version);
      Stretch stretch = changes.stretch(change);
      // One that all had passed belonged to an owner whose rows were discarded.
      if (stretch == null || stretch.passedByAll) {
        note(change);
      }
    }
  }

  private void note(int change) {
    if (newsCount == news.length) {
      news = Arrays.copyOf(news, 2 * newsCount);
    }
    news[newsCount++] = change;
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
    Stretch stretch = new Stretch(end, Arrays.copyOf(news, newsCount));
    for (int change : stretch.changes) {
      changes.belongsTo(change, stretch);
    }
    newsCount = 0;
    // More than one only if some were further than others when this began to follow them.
    stretch.passed = elements.countAt(end);
    stretch.lastPassedNanos = nowNanos;
    line.stretches.add(stretch);
    line.furthest = end;
  }

  private void finish(Stretch stretch) {
    stretch.passedByAll = true;
    for (int change : stretch.changes) {
      // One that was heard twice on the way is closed by now.
      if (changes.stretch(change) == stretch && changes.isAccepted(change)) {
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
    int change = changes.of(vm, version);
    changes.accept(change, dueNanos, measured);
    Stretch stretch = changes.stretch(change);
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
  public int waiting() {
    return changes.accepted();
  }

  /** Tells how long each measured change has waited for the last element that is not there yet. */
  public void unfinished(long nowNanos, Times open) {
    changes.forEachMeasured(dueNanos -> open.installed(dueNanos, nowNanos - dueNanos));
  }

  private void finish(int change, long lastPassedNanos) {
    if (changes.isMeasured(change)) {
      long dueNanos = changes.dueNanos(change);
      times.installed(dueNanos, lastPassedNanos - dueNanos);
    }
    changes.close(change);
    installed++;
  }
}
