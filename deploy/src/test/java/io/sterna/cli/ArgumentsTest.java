package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody listens where these would ask: whoever asked would end with status 1. */
final class ArgumentsTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vm show foo | 'foo' is not an IPv4 or IPv6 address",
        "vm clear-damping 10.10.1 | '10.10.1' is not an IPv4 or IPv6 address",
        "vm clear-damping 10.10.1.11 --why a\nb | not one line of text",
        "vm list --prefix 10.10.0.0/99 | prefix length 99",
        "vm list --prefix 10.10.0.1/20 | did you mean 10.10.0.0/20?",
        "vm list --fe FE_1 | 'FE_1' is not 1 to 63",
        "vm list --state gone | active",
        "vm list --limit 0 | '0' is not between 1 and 999999999",
        "vm list --limit -1 | '-1' is not between",
        "traffic top --limit 5000 | '5000' is not between 1 and 1000",
        "traffic top --sort load | mbps",
        "traffic vm foo | 'foo' is not an IPv4 or IPv6 address",
        "traffic vm 10.10.1.11 --limit 0 | '0' is not between 1 and 1000",
        "fe show -x | 'ID'",
        "fe show FE_1 | 'FE_1' is not 1 to 63",
        "relocation show x | 'x' is no number of a plan",
        "relocation approve 0 | the first one is 1",
        "audit at yesterday | 'yesterday' is no time",
        "audit at now --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit diff 1h yesterday | 'yesterday' is no time",
        "audit diff 1h 2h | 1h is after 2h",
        "audit log --cause foo | 'foo' is none of announcement, probe",
        "audit log --reason foo | 'foo' is none of",
        "audit log --what foo | 'foo' is none of bound, moved",
        "audit log --address foo | 'foo' is not an IPv4",
        "audit log --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit log --fe FE_1 | 'FE_1' is not 1 to 63",
        "audit log --site SITE_1 | 'SITE_1' is not 1 to 63",
        "audit log --from foo | 'foo' is no time",
        "audit log --to 20000-01-01 | is no time",
        "audit log --from 1h --to 2h | 1h is after 2h",
        "audit log --limit 0 | --limit 0 is below 1",
        "audit history foo | 'foo' is not an IPv4",
        "audit show foo | 'foo' is no entry: RANGE:ROW.INDEX or RANGE:ROW",
        "audit show foo:1 | 'foo' is not ADDRESS/LENGTH",
        "audit verify --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit verify --file nope.jsonl | cannot read nope.jsonl: does not exist",
        "audit export --out never.jsonl --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit archive --older-than foo | 'foo' is no time",
        "audit restore --at foo --yes | 'foo' is no time",
        "audit restore --at 1h --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit restore --at 1h --yes --why a\nb | not one line of text",
        "audit replay --from foo | 'foo' is no time",
        "audit replay --from 1h --prefix foo | 'foo' is not ADDRESS/LENGTH",
        "audit replay --from 1h --file nope.jsonl | cannot read nope.jsonl: does not exist",
        "vm clear-damping 10.10.1.11 --token-file nope.token | nope.token: does not exist",
        "lab fault nosuch | no fault 'nosuch'",
        "lab move vm99 site1 | no VM 'vm99' in the lab",
        "lab move vm11 site9 | no site 'site9' in the lab",
        "plan nowhere --out never | does not exist",
        "load run nope.yaml | nope.yaml",
        "load run nope.yaml --output csv | these are several tables",
        "lab status --output csv | these are several tables",
        "status --output csv | these are several tables",
        "traffic links --output csv | these are several tables",
        "traffic vm 10.10.1.11 --output csv | these are several tables",
        "load run nope.yaml --cpu-of c=999999999 | --cpu-of c: no process 999999999",
        "ca show nope.pem | nope.pem: does not exist",
        "ca issue fe fe1 --ca nowhere --out never | ca.pem: does not exist",
        "ca issue controller c1 --ca nowhere --out never --ip 300.1.1.1 | '300.1.1.1' is not an IPv4",
        "ca init --out never --days 0 | 0 is not between 1",
        "bench --benches nowhere | --benches: nowhere is no folder",
        "status --api nonsense | 'nonsense' is not an address like http://HOST:PORT"
      })
  void whatNobodyNeedsToBeAskedAboutIsBadUsage(String line) {
    String[] parts = line.split(" \\| ", 2);
    List<String> arguments = new ArrayList<>();
    if (!line.contains("--api")) {
      arguments.addAll(List.of("--api", NOBODY));
    }
    arguments.addAll(Arrays.asList(parts[0].split(" ", -1)));
    assertBad(Ran.sterna(arguments.toArray(String[]::new)), parts[1]);
    assertTrue(Files.notExists(Path.of("never")) && Files.notExists(Path.of("never.jsonl")));
  }

  @Test
  void textsOfSeveralWordsAreJudgedToo() {
    assertBad(
        Ran.sterna(
            "ca", "issue", "controller", "c1", "--ca", "x", "--out", "never", "--dns", "a b"),
        "'a b' is not a host name");
    for (String name : List.of("", " ", "a\nb", "a".repeat(65))) {
      Ran ran = Ran.sterna("ca", "init", "--out", "never", "--name", name);
      assertEquals(2, ran.status(), name);
      assertTrue(ran.err().contains("is not 1 to 64 characters of one line"), ran.err());
    }
    assertBad(Ran.sterna("status", "--api", "http://a b"), "'http://a b' is not an address like");
    Ran why = Ran.sterna("vm", "clear-damping", "10.10.1.11", "--why", "x".repeat(201));
    assertBad(why, "the reason is more than 200 characters");
    assertTrue(Files.notExists(Path.of("never")));
  }

  @Test
  void theWordsOfTheRecordAreTakenInAnyCase() {
    // Judged good, so that somebody is asked, and nobody is there.
    Map<String, String> good = Map.of("--cause", "Silence", "--what", "MOVED", "--reason", "stale");
    good.forEach(
        (option, word) ->
            assertEquals(1, Ran.sterna("--api", NOBODY, "audit", "log", option, word).status()));
  }

  private static void assertBad(Ran ran, String reason) {
    assertEquals(2, ran.status(), ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains(reason), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
  }
}
