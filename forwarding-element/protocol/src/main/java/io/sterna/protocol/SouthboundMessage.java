package io.sterna.protocol;

import java.util.List;

/**
 * Everything that a forwarding element and a controller say to each other over one session.
 *
 * <p>A session opens with {@link Hello}; the controller answers {@link Welcome} and then feeds
 * every range that it owns or comes to own. Lists are copied and immutable.
 */
public sealed interface SouthboundMessage {

  /** From a forwarding element to a controller. */
  sealed interface FromFe extends SouthboundMessage
      permits Hello,
          Claim,
          Applied,
          ResyncRequested,
          TrafficReport,
          MigrationReport,
          VmReport,
          Heartbeat {}

  /** From a controller to a forwarding element. */
  sealed interface FromController extends SouthboundMessage
      permits Welcome,
          Members,
          ClaimAccepted,
          ClaimRejected,
          Delta,
          Snapshot,
          TrafficAcknowledged,
          MigrationCommand,
          Heartbeat {}

  /**
   * The first message of a session. Who the FE is, its certificate says; the id here must agree.
   *
   * @param fe the forwarding element
   * @param software name and version, for people
   * @param positions what it holds already, so that a delta can continue it; omitted ranges =
   *     nothing
   */
  record Hello(FeId fe, String software, List<RangePosition> positions) implements FromFe {
    public Hello {
      positions = List.copyOf(positions);
    }
  }

  /**
   * 'This address is attached to me.'
   *
   * @param claimId chosen by the FE; unique within the session
   * @param address the VM's address
   * @param mac the VM's hardware address
   * @param seenVersion the binding version that the FE held when it observed the evidence; 0 = none
   * @param evidence what it observed
   */
  record Claim(long claimId, IpAddress address, MacAddress mac, long seenVersion, Evidence evidence)
      implements FromFe {
    /**
     * @throws IllegalArgumentException if the seen version is negative
     */
    public Claim {
      if (seenVersion < 0) {
        throw new IllegalArgumentException("seen version " + seenVersion + " is negative");
      }
    }
  }

  /** What is installed in the FE's forwarding table; sent coalesced, latest position per range. */
  record Applied(List<RangePosition> positions) implements FromFe {
    public Applied {
      positions = List.copyOf(positions);
    }
  }

  /** The FE saw a gap, or a differing chain hash: it needs a snapshot of this range. */
  record ResyncRequested(RangeId range) implements FromFe {}

  /** Shows that the other side is there; answered with the same number by the controller. */
  record Heartbeat(long number) implements FromFe, FromController {}

  /**
   * The answer to {@link Hello}.
   *
   * @param controller who answers
   * @param members every controller of the cluster, this one included
   * @param forwardingElements every FE and where its tunnels end
   * @param ranges every range of the cluster: the FE is in sync when it has heard of each
   */
  record Welcome(
      ControllerId controller,
      List<ControllerEndpoint> members,
      List<FeEndpoint> forwardingElements,
      List<RangeId> ranges)
      implements FromController {
    public Welcome {
      members = List.copyOf(members);
      forwardingElements = List.copyOf(forwardingElements);
      ranges = List.copyOf(ranges);
    }
  }

  /** The controllers of the cluster changed: keep one session to each of these. */
  record Members(List<ControllerEndpoint> members) implements FromController {
    public Members {
      members = List.copyOf(members);
    }
  }

  /**
   * The claim is committed as this version. Sent to the claimant before any delta that holds it.
   */
  record ClaimAccepted(long claimId, Binding binding) implements FromController {}

  /**
   * The claim was refused.
   *
   * @param claimId the claim
   * @param reason the reason
   * @param currentVersion the version of the binding that stands; 0 = none, or not known
   */
  record ClaimRejected(long claimId, RejectReason reason, long currentVersion)
      implements FromController {
    /**
     * @throws IllegalArgumentException if the current version is negative
     */
    public ClaimRejected {
      if (currentVersion < 0) {
        throw new IllegalArgumentException("current version " + currentVersion + " is negative");
      }
    }
  }

  /**
   * Changes that continue a range exactly from a revision.
   *
   * @param fromRevision the revision the receiver must be at
   * @param fromHash the chain hash the receiver must be at
   * @param position where the receiver is afterwards
   * @param changes the bindings as they are afterwards, in order of commit, at most one an address
   */
  record Delta(long fromRevision, ChainHash fromHash, RangePosition position, List<Binding> changes)
      implements FromController {
    /**
     * @throws IllegalArgumentException if it begins at a negative revision or goes backwards
     */
    public Delta {
      if (fromRevision < 0 || fromRevision > position.revision()) {
        throw new IllegalArgumentException(
            "a delta from revision " + fromRevision + " to " + position.revision());
      }
      changes = List.copyOf(changes);
    }
  }

  /**
   * A part of everything a range holds. The parts of one snapshot follow each other without other
   * feed messages of that range between them; the receiver replaces its content after the last.
   *
   * @param position where the receiver is after the last part
   * @param part counts from 0
   * @param last whether this is the last part
   * @param bindings a share of the bindings
   */
  record Snapshot(RangePosition position, int part, boolean last, List<Binding> bindings)
      implements FromController {
    /**
     * @throws IllegalArgumentException if the part is negative
     */
    public Snapshot {
      if (part < 0) {
        throw new IllegalArgumentException("part " + part + " is negative");
      }
      bindings = List.copyOf(bindings);
    }
  }

  /**
   * A part of what the FE counted in one interval. Parts, and intervals, are sent in order; one
   * that is sent again after a lost session is the same to the byte. So (interval, part) tells
   * whoever receives it whether it counted it already.
   *
   * @param incarnation differs each time the FE's agent starts: numbers of intervals begin anew
   * @param interval grows by one
   * @param part counts from 0
   * @param last whether this is the interval's last part
   * @param durationMs how long the interval took
   * @param entries a share of the pairs, each at most once in the interval
   */
  record TrafficReport(
      long incarnation,
      long interval,
      int part,
      boolean last,
      long durationMs,
      List<TrafficEntry> entries)
      implements FromFe {
    /** So many fit a frame, and a message between controllers, whatever they hold. */
    public static final int ENTRIES_MAX = 2000;

    /**
     * @throws IllegalArgumentException if a number is negative, the interval took no time, or there
     *     are too many entries
     */
    public TrafficReport {
      if (interval < 0 || part < 0) {
        throw new IllegalArgumentException("part " + part + " of interval " + interval);
      }
      if (entries.size() > ENTRIES_MAX) {
        throw new IllegalArgumentException(entries.size() + " entries in one report");
      }
      if (durationMs <= 0) {
        throw new IllegalArgumentException("an interval of " + durationMs + " ms");
      }
      entries = List.copyOf(entries);
    }
  }

  /** Everything up to this part of this interval is counted: the FE need not keep it. */
  record TrafficAcknowledged(long incarnation, long interval, int part) implements FromController {
    /**
     * @throws IllegalArgumentException if a number is negative
     */
    public TrafficAcknowledged {
      if (interval < 0 || part < 0) {
        throw new IllegalArgumentException("part " + part + " of interval " + interval);
      }
    }
  }

  /**
   * Do this about a migration. Asked again (after a lost session, or by another controller that
   * took over), it is not done again: the answer is how far it is.
   *
   * @param migration of which VM, from where to where
   * @param phase what is to be done
   * @param endpoint with {@link MigrationPhase#MOVE}: what the target said when it was ready
   */
  record MigrationCommand(Migration migration, MigrationPhase phase, String endpoint)
      implements FromController {}

  /**
   * How far a migration is at this element.
   *
   * @param operation which
   * @param phase what was asked
   * @param state how far that is
   * @param doneBytes of the copying, 0 if not known
   * @param totalBytes of the copying, 0 if not known
   * @param text with a target that is ready: where the source finds it; with a failure: the reason
   */
  record MigrationReport(
      OperationId operation,
      MigrationPhase phase,
      MigrationState state,
      long doneBytes,
      long totalBytes,
      String text)
      implements FromFe {
    /**
     * @throws IllegalArgumentException if a number is negative
     */
    public MigrationReport {
      if (doneBytes < 0 || totalBytes < 0) {
        throw new IllegalArgumentException(doneBytes + " of " + totalBytes + " bytes");
      }
    }
  }

  /**
   * Some of the VMs that run at this element, as its hypervisor says. Nothing is answered: what is
   * lost is said again in the next interval, and what is not said again for some intervals is not
   * known any more.
   *
   * @param intervalMs how often this is said
   * @param vms a share of them
   */
  record VmReport(long intervalMs, List<VmUse> vms) implements FromFe {
    /** So many fit a frame, and a message between controllers, whatever they hold. */
    public static final int VMS_MAX = 2000;

    /**
     * @throws IllegalArgumentException if the interval takes no time, or there are too many VMs
     */
    public VmReport {
      if (intervalMs <= 0) {
        throw new IllegalArgumentException("an interval of " + intervalMs + " ms");
      }
      if (vms.size() > VMS_MAX) {
        throw new IllegalArgumentException(vms.size() + " VMs in one report");
      }
      vms = List.copyOf(vms);
    }
  }
}
