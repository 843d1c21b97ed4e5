package io.sterna.controller.owner;

import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Decision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The claims of one range: those that wait, in order, and the batch that is being committed. Every
 * claim that enters is answered exactly once. Confined to its {@link AddressRange}.
 */
final class ClaimQueue {
  private final int waitingMax;
  private final Deque<RegisterBinding> waiting = new ArrayDeque<>();
  private List<RegisterBinding> inFlight = List.of();

  ClaimQueue(int waitingMax) {
    this.waitingMax = waitingMax;
  }

  /** Refused if too many wait already. */
  void add(RegisterBinding claim) {
    if (waiting.size() >= waitingMax) {
      ClaimAnswers.unavailable(claim);
    } else {
      waiting.add(claim);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  boolean isInFlight() {
    return !inFlight.isEmpty();
  }

  /** Takes the first claims, at most so many, for a batch. */
  List<ClaimRequest> depart(int max) {
    int size = Math.min(waiting.size(), max);
    List<RegisterBinding> batch = new ArrayList<>(size);
    List<ClaimRequest> requests = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      RegisterBinding claim = waiting.remove();
      batch.add(claim);
      requests.add(new ClaimRequest(claim.fe(), claim.claim()));
    }
    inFlight = batch;
    return requests;
  }

  /**
   * The batch was decided.
   *
   * @param decisions one a claim, in order
   * @return what claimants are told: the caller sees to it
   */
  ClaimAnswers arrived(List<Decision> decisions) {
    ClaimAnswers answers = new ClaimAnswers();
    for (int i = 0; i < inFlight.size(); i++) {
      answers.add(inFlight.get(i), decisions.get(i));
    }
    inFlight = List.of();
    return answers;
  }

  /** Claimants try again, and a repeated claim is harmless. */
  void refuseInFlight() {
    ClaimAnswers.unavailable(inFlight);
    inFlight = List.of();
  }

  void refuseWaiting() {
    ClaimAnswers.unavailable(waiting);
    waiting.clear();
  }
}
