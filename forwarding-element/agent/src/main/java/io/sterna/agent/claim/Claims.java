package io.sterna.agent.claim;

import io.sterna.agent.claim.PendingClaim.State;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which announcements become claims, and what follows a refusal.
 *
 * <p>A claim carries the version that was held when the announcement was observed, however often it
 * has to be sent: so a late copy of it can never win against something newer. A claim that is stale
 * is made again only on new evidence: the VM is asked and answers. So is one that waited for long:
 * its VM may be back where it is bound, where nobody claims it. One claim an address is under way
 * at most.
 *
 * <p>Pure and not thread-safe; times are nanoseconds of any clock that does not go back.
 */
public final class Claims {
  private final ClaimSettings settings;
  private final DesiredTable table;
  private final Map<IpAddress, PendingClaim> byAddress = new LinkedHashMap<>();
  private final Map<Long, PendingClaim> byClaimId = new HashMap<>();
  private long lastClaimId;
  private long droppedCount;

  /**
   * No claims.
   *
   * @param table what is bound where, as this element knows; only read
   */
  public Claims(ClaimSettings settings, DesiredTable table) {
    this.settings = settings;
    this.table = table;
  }

  /** A VM announced itself. */
  public List<ClaimAction> announced(Announcement announcement, long nowNanos) {
    MacAddress mac = announcement.mac();
    if (mac.isGroup() || mac.isNone() || mac.equals(settings.gatewayMac())) {
      return List.of();
    }
    List<ClaimAction> actions = new ArrayList<>();
    if (announcement instanceof Announcement.OfAddress named) {
      observe(named.address(), mac, named.evidence(), nowNanos, actions);
    } else {
      for (Binding binding : table.bindingsOf(mac)) {
        observe(binding.address(), mac, announcement.evidence(), nowNanos, actions);
      }
    }
    return actions;
  }

  /** The claim went out by this session. */
  public void sent(long claimId, SessionId session) {
    PendingClaim claim = byClaimId.get(claimId);
    if (claim != null) {
      claim.session = session;
    }
  }

  /** There was no session to send the claim by. */
  public void unsent(long claimId, long nowNanos) {
    PendingClaim claim = byClaimId.get(claimId);
    if (claim != null) {
      await(claim, nowNanos);
    }
  }

  /**
   * The claim is committed. Until its delta is here, the VM's further announcements say no more.
   */
  public void accepted(ClaimAccepted answer, long nowNanos) {
    PendingClaim claim = byClaimId.remove(answer.claimId());
    if (claim != null) {
      claim.state = State.ACCEPTED;
      claim.currentVersion = answer.binding().version();
      claim.endNanos = nowNanos + settings.deltaTimeout().toNanos();
    }
  }

  /** The claim was refused. */
  public List<ClaimAction> rejected(ClaimRejected answer, long nowNanos) {
    PendingClaim claim = byClaimId.get(answer.claimId());
    if (claim == null) {
      return List.of();
    }
    switch (answer.reason()) {
      case STALE -> {
        return List.of(probe(claim, answer.currentVersion(), nowNanos));
      }
      case UNAVAILABLE, DAMPED, SITE_FULL, RATE_LIMITED -> {
        await(claim, nowNanos);
        return List.of();
      }
      case NOT_MOBILE,
          UNKNOWN_FE,
          FROM_THE_FUTURE,
          UNKNOWN_VM,
          WRONG_MAC,
          FORBIDDEN_SITE,
          NOT_ATTACHED,
          RANGE_FULL -> {
        return List.of(giveUp(claim, "the controller says " + answer.reason()));
      }
    }
    throw new AssertionError(answer.reason());
  }

  /** A session is gone, and with it the answers that were to come by it. */
  public void sessionEnded(SessionId session, long nowNanos) {
    for (PendingClaim claim : byAddress.values()) {
      if (claim.state == State.SENT && session.equals(claim.session)) {
        await(claim, nowNanos);
      }
    }
  }

  /** Does what has become due. Called every few milliseconds while {@link #pendingCount} > 0. */
  public List<ClaimAction> tick(long nowNanos) {
    List<ClaimAction> actions = new ArrayList<>();
    for (PendingClaim claim : List.copyOf(byAddress.values())) {
      if (isSettled(claim)) {
        if (!isBoundHere(claim.address, claim.mac)) {
          actions.add(new ClaimAction.Withdraw(claim.address));
        }
        forget(claim);
      } else if (nowNanos - claim.observedNanos > settings.ageMax().toNanos()) {
        actions.add(giveUp(claim, "nobody decided about its announcement in time"));
      } else {
        onTime(claim, nowNanos, actions);
      }
    }
    return actions;
  }

  /** The claims under way. */
  public int pendingCount() {
    return byAddress.size();
  }

  /** A number that no other claim has. */
  public long nextClaimId() {
    return ++lastClaimId;
  }

  /** Announcements that were dropped because too many claims were under way. */
  public long droppedCount() {
    return droppedCount;
  }

  private void observe(
      IpAddress address,
      MacAddress mac,
      Evidence evidence,
      long nowNanos,
      List<ClaimAction> actions) {
    if (settings.gatewayAddresses().contains(address) || table.rangeOf(address).isEmpty()) {
      return;
    }
    PendingClaim pending = byAddress.get(address);
    if (pending != null && (isSettled(pending) || !pending.mac.equals(mac))) {
      forget(pending);
      pending = null;
    }
    if (pending != null) {
      observeAgain(pending, evidence, nowNanos, actions);
    } else if (!isBoundHere(address, mac)) {
      begin(
          new PendingClaim(address, mac, evidence, heldVersion(address), nowNanos),
          nowNanos,
          actions);
    }
  }

  private void begin(PendingClaim claim, long nowNanos, List<ClaimAction> actions) {
    if (byAddress.size() >= settings.pendingMax()) {
      droppedCount++;
      return;
    }
    byAddress.put(claim.address, claim);
    actions.add(send(claim, nowNanos));
  }

  private void observeAgain(
      PendingClaim claim, Evidence evidence, long nowNanos, List<ClaimAction> actions) {
    boolean answers = answersProbe(evidence);
    if (claim.state == State.PROBING && (answers || !isStale(claim))) {
      claim.evidence = answers ? Evidence.PROBE_ANSWERED : evidence;
      claim.seenVersion = Math.max(claim.currentVersion, heldVersion(claim.address));
      claim.observedNanos = nowNanos;
      actions.add(send(claim, nowNanos));
    } else if (claim.state == State.WAITING) {
      // Fresh evidence for what could not be said so far: it is said when the wait is over.
      claim.evidence = evidence;
      claim.seenVersion = heldVersion(claim.address);
      claim.observedNanos = nowNanos;
    }
  }

  private void onTime(PendingClaim claim, long nowNanos, List<ClaimAction> actions) {
    switch (claim.state) {
      case SENT -> {
        if (nowNanos >= claim.dueNanos) {
          await(claim, nowNanos);
        }
      }
      case WAITING -> {
        if (nowNanos >= claim.dueNanos) {
          actions.add(again(claim, nowNanos));
        }
      }
      case PROBING -> {
        if (nowNanos >= claim.endNanos) {
          String why = isStale(claim) ? "stale" : "its announcement is too old";
          actions.add(giveUp(claim, why + ", and the VM does not answer here"));
        } else if (nowNanos >= claim.dueNanos) {
          claim.dueNanos = nowNanos + settings.probeInterval().toNanos();
          actions.add(new ClaimAction.Probe(claim.address, claim.mac));
        }
      }
      case ACCEPTED -> {
        if (nowNanos >= claim.endNanos) {
          actions.add(new ClaimAction.Withdraw(claim.address));
          forget(claim);
        }
      }
    }
  }

  /** Says what was seen while it is fresh; later, only what the VM says now. */
  private ClaimAction again(PendingClaim claim, long nowNanos) {
    boolean fresh = nowNanos - claim.observedNanos <= settings.evidenceMaxAge().toNanos();
    return fresh ? send(claim, nowNanos) : probe(claim, claim.currentVersion, nowNanos);
  }

  private ClaimAction send(PendingClaim claim, long nowNanos) {
    byClaimId.remove(claim.claimId);
    claim.claimId = nextClaimId();
    byClaimId.put(claim.claimId, claim);
    claim.state = State.SENT;
    claim.session = null;
    claim.attempts++;
    claim.dueNanos = nowNanos + settings.answerTimeout().toNanos();
    return new ClaimAction.Send(
        new Claim(claim.claimId, claim.address, claim.mac, claim.seenVersion, claim.evidence));
  }

  private void await(PendingClaim claim, long nowNanos) {
    byClaimId.remove(claim.claimId);
    claim.state = State.WAITING;
    claim.dueNanos = nowNanos + settings.retryNanos(claim.attempts);
  }

  private ClaimAction probe(PendingClaim claim, long currentVersion, long nowNanos) {
    byClaimId.remove(claim.claimId);
    claim.state = State.PROBING;
    claim.currentVersion = currentVersion;
    claim.dueNanos = nowNanos + settings.probeInterval().toNanos();
    claim.endNanos = nowNanos + settings.probeWindow().toNanos();
    return new ClaimAction.Probe(claim.address, claim.mac);
  }

  private ClaimAction giveUp(PendingClaim claim, String reason) {
    forget(claim);
    return new ClaimAction.GiveUp(claim.address, reason);
  }

  private void forget(PendingClaim claim) {
    byAddress.remove(claim.address);
    byClaimId.remove(claim.claimId);
  }

  /** Whether the table holds by now what the claim was for, or what overtook it. */
  private boolean isSettled(PendingClaim claim) {
    boolean overtaken =
        claim.state == State.ACCEPTED && heldVersion(claim.address) >= claim.currentVersion;
    return overtaken || isBoundHere(claim.address, claim.mac);
  }

  /**
   * Whether the claim was refused for what the controllers know: an announcement cannot overrule
   * it.
   */
  private static boolean isStale(PendingClaim claim) {
    return claim.currentVersion > claim.seenVersion;
  }

  private boolean isBoundHere(IpAddress address, MacAddress mac) {
    return table.isLocal(address)
        && table.binding(address).filter(binding -> binding.mac().equals(mac)).isPresent();
  }

  private long heldVersion(IpAddress address) {
    return table.binding(address).map(Binding::version).orElse(0L);
  }

  private static boolean answersProbe(Evidence evidence) {
    return evidence == Evidence.PROBE_ANSWERED
        || evidence == Evidence.ARP_REPLY
        || evidence == Evidence.UNSOLICITED_NA;
  }
}
