package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * From where everything is to where it should be, in steps of which none ever overfills a site. VMs
 * that belong together are moved one after the other; of these groups, that first which gains most
 * a move. Whoever finds its site full waits until somebody leaves it; if all wait for each other,
 * one VM of a full site makes room: it goes where there is some, and moves on later. If there is
 * none anywhere, what still waits stays.
 *
 * <p>By its deadline it ends: what is ordered until then stands, and the rest follows group by
 * group as it is numbered, each move that has room at that moment. That is one pass, which compares
 * nothing.
 */
final class StepOrder {
  private final Placement placement;
  private final Graph graph;
  private final int[] target;
  private final int[] home;
  private final Limits limits;
  private final Deadline deadline;
  private final int[] moving;
  private final Companions companions;
  private final IndexedHeap groups;
  private final Moves moves = new Moves();
  private final boolean[] hasMadeRoom;

  /** Groups whose gain is to be computed anew, once a whole group has moved. */
  private final List<Integer> touched = new ArrayList<>();

  private final boolean[] isTouched;

  /** By site: those who wait for room there. */
  private final List<Deque<Integer>> waiting = new ArrayList<>();

  /** Whether a vertex waits; who has got where it waits for stays in the queue for a while. */
  private final boolean[] isWaiting;

  /** By site: how many wait for room there. */
  private final int[] waiters;

  /** Sites where somebody may fit who did not when it was looked at last. */
  private final boolean[] isRoomier;

  private final Refuges refuges;

  private long memoryMib;
  private int bestLength;
  private double bestCost;

  /**
   * @param placement where everything is, changed by the run
   */
  StepOrder(Placement placement, int[] target, Limits limits, Deadline deadline) {
    this.placement = placement;
    this.target = target;
    this.limits = limits;
    this.deadline = deadline;
    graph = placement.graph;
    home = placement.site.clone();
    groups = new IndexedHeap(graph.size());
    hasMadeRoom = new boolean[graph.size()];
    isTouched = new boolean[graph.size()];
    isWaiting = new boolean[graph.size()];
    waiters = new int[placement.sites()];
    isRoomier = new boolean[placement.sites()];
    refuges = new Refuges(placement, new Waiting());
    bestCost = placement.cost();
    for (int site = 0; site < placement.sites(); site++) {
      waiting.add(new ArrayDeque<>());
    }
    moving = IntStream.range(0, target.length).filter(v -> target[v] != home[v]).toArray();
    companions = new Companions(graph, home, target, moving);
    for (int v : moving) {
      if (companions.group(v) == v) {
        groups.put(v, gainPerMove(v));
      }
    }
  }

  /** The moves, up to where the cost is least within the limits. */
  Moves run() {
    while (!isSpent()) {
      if (deadline.isOver()) {
        moveTheRest();
        break;
      }
      if (!groups.isEmpty()) {
        int group = groups.first();
        groups.remove(group);
        moveGroup(group);
        lookAtTouched();
      } else if (!letInAll() && !makeRoom()) {
        break;
      }
    }
    moves.keep(bestLength);
    return moves;
  }

  /** In the order of their numbers, but groups stay together. */
  private void moveTheRest() {
    for (int group : moving) {
      int size = companions.group(group) == group ? companions.size(group) : 0;
      for (int i = 0; i < size && !isSpent(); i++) {
        int v = companions.member(group, i);
        if (placement.site[v] != target[v] && isAffordable(v) && placement.canStep(v, target[v])) {
          move(v, target[v]);
        }
      }
    }
  }

  private boolean isSpent() {
    return moves.size() >= limits.moves() || memoryMib >= limits.memoryMib();
  }

  /** Whether the budget of memory still allows this one. */
  private boolean isAffordable(int v) {
    return graph.memoryMib()[v] <= limits.memoryMib() - memoryMib;
  }

  /** What a group costs more when it is moved, divided by its moves: less is better. */
  private double gainPerMove(int group) {
    double delta = 0;
    int size = companions.size(group);
    int count = 0;
    int[] from = new int[size];
    for (int i = 0; i < size; i++) {
      int v = companions.member(group, i);
      from[i] = placement.site[v];
      if (from[i] != target[v]) {
        double each = placement.delta(v, target[v]);
        delta += each;
        count++;
        placement.site[v] = target[v];
      }
    }
    for (int i = 0; i < size; i++) {
      placement.site[companions.member(group, i)] = from[i];
    }
    return count == 0 ? 0 : delta / count;
  }

  private void moveGroup(int group) {
    boolean[] isDone = new boolean[companions.size(group)];
    while (!isSpent()) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < isDone.length; i++) {
        int v = companions.member(group, i);
        isDone[i] |= placement.site[v] == target[v];
        if (!isDone[i]) {
          double delta = placement.delta(v, target[v]);
          if (delta < least) {
            least = delta;
            best = i;
          }
        }
      }
      if (best < 0) {
        return;
      }
      isDone[best] = true;
      int v = companions.member(group, best);
      if (!isAffordable(v)) {
        continue;
      }
      if (placement.canStep(v, target[v])) {
        step(v, target[v]);
      } else {
        await(v);
      }
    }
  }

  private void step(int v, int to) {
    int from = placement.site[v];
    move(v, to);
    if (isWaiting[v] && to == target[v]) {
      stopWaiting(v);
    }
    for (int i = graph.start()[v]; i < graph.start()[v + 1]; i++) {
      touch(graph.peers()[i]);
    }
    isRoomier[from] = true;
    isRoomier[target[v]] = true;
    letIn(from);
  }

  private void move(int v, int to) {
    placement.move(v, to);
    moves.add(v, to);
    memoryMib += graph.memoryMib()[v];
    if (placement.cost() < bestCost - Descent.LEAST_GAIN) {
      bestCost = placement.cost();
      bestLength = moves.size();
    }
  }

  /** A group whose neighbour has moved has another gain. */
  private void touch(int peer) {
    if (target[peer] != home[peer]) {
      if (isWaiting[peer]) {
        refuges.look(peer);
      }
      int group = companions.group(peer);
      if (groups.contains(group) && !isTouched[group]) {
        isTouched[group] = true;
        touched.add(group);
      }
    }
  }

  private void lookAtTouched() {
    for (int group : touched) {
      isTouched[group] = false;
      if (groups.contains(group)) {
        groups.put(group, gainPerMove(group));
      }
    }
    touched.clear();
  }

  private void await(int v) {
    if (!isWaiting[v]) {
      isWaiting[v] = true;
      waiters[target[v]]++;
      waiting.get(target[v]).add(v);
      refuges.look(v);
    }
  }

  private void stopWaiting(int v) {
    isWaiting[v] = false;
    waiters[target[v]]--;
  }

  /** Where one leaves there is room for one: for who has waited longest, the best came first. */
  private void letIn(int site) {
    while (waiters[site] > 0) {
      int next = waiting.get(site).remove();
      // Who has got there meanwhile is still in the queue.
      if (isWaiting[next]) {
        stopWaiting(next);
        int group = companions.group(next);
        groups.put(group, gainPerMove(group));
        return;
      }
    }
  }

  /** Those who fit after all: another left more room than one needs. */
  private boolean letInAll() {
    boolean any = false;
    for (int site = 0; site < isRoomier.length; site++) {
      if (isRoomier[site] && placement.vms[site] < placement.costs.vmCapacity[site]) {
        for (int v : waiting.get(site)) {
          if (isWaiting[v] && isAffordable(v) && placement.canStep(v, site)) {
            int group = companions.group(v);
            groups.put(group, gainPerMove(group));
            any = true;
          }
        }
      }
      isRoomier[site] = false;
    }
    return any;
  }

  private boolean makeRoom() {
    Refuges.Leaver leaver = refuges.best();
    if (leaver == null) {
      return false;
    }
    hasMadeRoom[leaver.vertex()] = true;
    step(leaver.vertex(), leaver.to());
    return true;
  }

  /** Those who wait may make room, each once, where they get on from. */
  private final class Waiting implements Refuges.Candidates {
    @Override
    public void forEach(Consumer<Integer> each) {
      waiting.forEach(site -> site.forEach(each));
    }

    @Override
    public boolean mayLeave(int v) {
      return isWaiting[v] && !hasMadeRoom[v] && isAffordable(v);
    }

    @Override
    public boolean isWaitedFor(int site) {
      return waiters[site] > 0;
    }

    @Override
    public boolean canStay(int v, int to) {
      return to != target[v] && placement.canStep(v, to) && placement.costs.reaches(to, target[v]);
    }
  }
}
