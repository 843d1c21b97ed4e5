package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.range.Decision;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.FromController;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What claimants are told about claims that were decided together: one message a session, or what
 * is told to it anyway.
 */
final class ClaimAnswers {
  private final Map<ActorRef<SessionCommand>, List<FromController>> answers = new LinkedHashMap<>();

  void add(RegisterBinding claim, Decision decision) {
    long id = claim.claim().claimId();
    if (decision instanceof Decision.Accepted accepted) {
      add(claim.replyTo(), new ClaimAccepted(id, accepted.binding()));
    } else if (decision instanceof Decision.Rejected rejected) {
      add(claim.replyTo(), new ClaimRejected(id, rejected.reason(), rejected.currentVersion()));
    }
  }

  /** Whether some are for this session. */
  boolean areFor(ActorRef<SessionCommand> session) {
    return answers.containsKey(session);
  }

  /** Those for this session, which whoever takes them tells it. */
  List<FromController> take(ActorRef<SessionCommand> session) {
    List<FromController> taken = answers.remove(session);
    return taken == null ? List.of() : taken;
  }

  /** Tells those that nobody took. */
  void send() {
    answers.forEach((session, all) -> session.tell(new ClaimsAnswered(all)));
    answers.clear();
  }

  /** To be claimed again: here and now nobody can decide. */
  static void unavailable(RegisterBinding claim) {
    unavailable(List.of(claim));
  }

  /** See {@link #unavailable(RegisterBinding)}. */
  static void unavailable(Collection<RegisterBinding> claims) {
    ClaimAnswers answers = new ClaimAnswers();
    claims.forEach(claim -> answers.add(claim, new Decision.Rejected(RejectReason.UNAVAILABLE, 0)));
    answers.send();
  }

  private void add(ActorRef<SessionCommand> session, FromController answer) {
    answers.computeIfAbsent(session, s -> new ArrayList<>()).add(answer);
  }
}
