package io.sterna.controller.owner;

import io.sterna.controller.owner.RangeCommand.RegisterBinding;
import io.sterna.controller.range.Decision;
import io.sterna.controller.southbound.SessionCommand.ClaimAnswered;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;

/** What a claimant is told. */
final class ClaimAnswers {
  private ClaimAnswers() {}

  static void answer(RegisterBinding claim, Decision decision) {
    if (decision instanceof Decision.Accepted accepted) {
      claim
          .replyTo()
          .tell(new ClaimAnswered(new ClaimAccepted(claim.claim().claimId(), accepted.binding())));
    } else if (decision instanceof Decision.Rejected rejected) {
      refuse(claim, rejected.reason(), rejected.currentVersion());
    }
  }

  /** To be claimed again: here and now nobody can decide. */
  static void unavailable(RegisterBinding claim) {
    refuse(claim, RejectReason.UNAVAILABLE, 0);
  }

  private static void refuse(RegisterBinding claim, RejectReason reason, long currentVersion) {
    claim
        .replyTo()
        .tell(
            new ClaimAnswered(new ClaimRejected(claim.claim().claimId(), reason, currentVersion)));
  }
}
