package io.sterna.bench;

import io.sterna.lab.LabException;
import java.util.List;
import java.util.Optional;

/** The figures of the record: how fast it is read, and whether tampering is found. */
final class AuditSuite {
  private static final int CASES_OF_EACH = 100;
  private static final int MOMENTS = 1_000;

  private AuditSuite() {}

  static List<Target> all() {
    return List.of(
        new Target(
            "audit-at",
            "the table of a moment among 1,000,000 changes in 64 ranges, by the API",
            "s",
            Optional.of(Bar.atMost(5)),
            bench -> reading(bench, found(bench).atSeconds())),
        new Target(
            "audit-at-memory",
            "how much more memory the controller had at most meanwhile and during the check",
            "MiB",
            Optional.of(Bar.atMost(512)),
            bench -> reading(bench, found(bench).mebibytes())),
        new Target(
            "audit-verify",
            "check all of it",
            "s",
            Optional.of(Bar.atMost(10)),
            bench -> reading(bench, found(bench).verifySeconds())),
        new Target(
            "audit-history",
            "all that is on record of one VM, by the API, p99 of some",
            "ms",
            Optional.of(Bar.atMost(200)),
            bench -> reading(bench, found(bench).historyMs())),
        new Target(
            "audit-replay",
            "the same replayed to emulated elements without waiting, invariants checked",
            "changes/s",
            Optional.empty(),
            bench -> reading(bench, found(bench).replayedPerSecond())),
        new Target(
            "audit-follow-stalled",
            "changes a second of 20,000 while one reader follows the log and one that stopped is cut and"
                + " resumes, by those while nobody does",
            "ratio",
            Optional.of(Bar.atLeast(0.95)),
            bench -> bench.once(new FollowRun())),
        new Target(
            "audit-tampering-missed",
            "%d random cases of each way to tamper in Cassandra: not found, or not named exactly"
                .formatted(CASES_OF_EACH),
            "cases",
            Optional.of(Bar.atMost(0)),
            bench -> bench.once(new AuditTampering(CASES_OF_EACH, 7))),
        new Target(
            "audit-moments-wrong",
            "%,d random past moments of a load with failovers, rebuilt: not what was said then"
                .formatted(MOMENTS),
            "moments",
            Optional.of(Bar.atMost(0)),
            bench -> bench.once(new AuditMoments(MOMENTS, 7))),
        new Target(
            "audit-cost",
            "durable changes/s that are lost by computing the chain's hashes, 8 elements",
            "percent",
            Optional.of(Bar.atMost(10)),
            bench -> bench.once(new ChainCost())));
  }

  private static AuditRun.Found found(Bench bench) throws LabException {
    return bench.once(new AuditRun());
  }

  private static Reading reading(Bench bench, double value) throws LabException {
    return new Reading(value, found(bench).conditions());
  }
}
