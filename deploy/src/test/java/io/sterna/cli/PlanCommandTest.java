package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCommandTest {
  private static final String SITES =
      """
      id,latitude,longitude,vm_capacity,price_per_vm_hour
      dc1,48.1,11.5,3,0.05
      dc2,52.5,13.4,3,0.04
      dc3,40.4,-3.7,2,0.03
      """;
  private static final String LINKS =
      """
      from,to,capacity_mbps,rtt_ms,price_per_gib
      dc1,dc2,1000,10,0.02
      dc2,dc1,1000,10,0.02
      dc2,dc3,1000,20,0.02
      dc3,dc2,1000,20,0.02
      """;
  private static final String VMS =
      """
      address,data_center,memory_mib,movable
      10.0.0.1,dc1,1024,true
      10.0.0.2,dc2,1024,true
      10.0.0.3,dc3,1024,false
      203.0.113.0/24,dc1,0,false
      """;
  private static final String TRAFFIC =
      """
      source,destination,mbps
      10.0.0.1,10.0.0.3,100
      10.0.0.2,10.0.0.3,50
      203.0.113.0/24,10.0.0.1,10
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final Map<String, String> files =
      new HashMap<>(
          Map.of(
              "data-centers.csv",
              SITES,
              "links.csv",
              LINKS,
              "vms.csv",
              VMS,
              "traffic.csv",
              TRAFFIC));

  @Test
  void plansAndExplains() throws Exception {
    Ran ran = plan();
    assertEquals(0, ran.status(), ran.err());
    List<String> plan = Files.readAllLines(folder.resolve("out/plan.csv"));
    assertEquals("step,address,from,to,cost_before,cost_after", plan.get(0));
    // One room is left at dc3: for who gains most there. Before, 100 Mbit/s take two links and 50
    // one.
    assertTrue(plan.get(1).startsWith("1,10.0.0.1,dc1,dc3,0.0625,"), plan::toString);
    JsonNode summary = Json.parse(Files.readAllBytes(folder.resolve("out/summary.json")));
    assertEquals("sterna", summary.path("algorithm").asText());
    assertEquals(plan.size() - 1, summary.path("steps").asInt());
    assertEquals(
        summary.path("costAfter").asDouble(),
        summary.path("termsAfter").path("linkLoad").asDouble(),
        1e-12);
    assertEquals(0.1 + 0.05, summary.path("links").path(2).path("loadBefore").asDouble(), 1e-12);
    List<String> reasons = Files.readAllLines(folder.resolve("out/reasons.csv"));
    assertEquals("1,gain,1,dc1>dc2", reasons.get(1));
  }

  @Test
  void aBadRowIsFileLineAndReason() throws Exception {
    bad("vms.csv", VMS + "10.0.0.300,dc1,1,true\n", 6, "'10.0.0.300'");
    bad("vms.csv", VMS + "10.0.0.4,dc9,1,true\n", 6, "no data center dc9");
    bad("vms.csv", VMS + "10.0.0.4,dc1,much,true\n", 6, "memory_mib 'much' is no whole number");
    bad("vms.csv", VMS + "10.0.0.4,dc1,1,maybe\n", 6, "movable 'maybe'");
    bad("vms.csv", VMS + "10.0.0.4,dc1,1\n", 6, "3 fields, and the header has 4");
    bad("vms.csv", VMS + "10.0.0.1,dc1,1,true\n", 6, "10.0.0.1 is there twice");
    bad("vms.csv", VMS + "198.51.100.0/24,dc1,0,true\n", 6, "cannot be movable");
    bad("links.csv", LINKS + "dc1,dc9,1000,10,0\n", 6, "no data center dc9");
    bad("links.csv", LINKS + "dc1,dc3,0,10,0\n", 6, "capacity_mbps is 0.0");
    bad("links.csv", LINKS + "dc1,dc2,5,10,0\n", 6, "dc1>dc2 is there twice");
    bad("traffic.csv", TRAFFIC + "10.0.0.1,10.0.0.9,1\n", 5, "10.0.0.9 is not in vms.csv");
    bad("traffic.csv", TRAFFIC + "10.0.0.1,10.0.0.2,-1\n", 5, "mbps is -1.0");
    bad("traffic.csv", TRAFFIC + "10.0.0.1,10.0.0.2,1e308\n", 5, "mbps is 1.0E308");
    bad("links.csv", LINKS + "dc1,dc3,1e-310,10,0\n", 6, "capacity_mbps is 1.0E-310");
    bad("vms.csv", VMS + "10.0.0.4,dc1,9000000000000000000,true\n", 6, "memory_mib is 9");
    bad("traffic.csv", TRAFFIC + "\"" + "x".repeat(17 << 20), 5, "no CSV");
    bad("data-centers.csv", SITES + "dc1,0,0,1,1\n", 5, "dc1 is there twice");
    bad("data-centers.csv", SITES + "dc4,91,0,1,1\n", 5, "latitude is 91.0");
    bad("data-centers.csv", SITES.replace("id,", "name,"), 1, "unknown column 'name'");
  }

  @Test
  void anOverfullSiteIsTheRowThatNoLongerFits() throws Exception {
    bad(
        "vms.csv",
        VMS + "10.0.0.4,dc3,1,true\n10.0.0.5,dc3,1,true\n",
        7,
        "data center dc3 is overfull: 2 VMs fit");
  }

  @Test
  void aPairWithoutAPathIsTheRowOfItsTraffic() throws Exception {
    bad("links.csv", LINKS.replace("dc2,dc3,1000,20,0.02\n", ""), "traffic.csv", 2);
  }

  @Test
  void allBadRowsOfAFileAreNamed() throws Exception {
    files.put("vms.csv", VMS + "10.0.0.x,dc1,1,true\n10.0.0.4,dc9,1,true\n");
    assertEquals(2, plan().err().lines().count());
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    write();
    Files.delete(folder.resolve("in/links.csv"));
    Ran ran = run();
    assertEquals(2, ran.status());
    assertEquals(folder.resolve("in/links.csv") + ": does not exist\n", ran.err());
  }

  @Test
  void aGeneratedScenarioIsReadAsItWasMade() throws Exception {
    String in = folder.resolve("made").toString();
    String out = folder.resolve("out").toString();
    for (String algorithm : List.of("algorithm1", "descent", "greedy", "sterna")) {
      String[] make = {
        "scenario", "generate", "--out", in, "--vms", "200", "--seed", "3", "--force"
      };
      Ran made = Ran.sterna(make);
      assertEquals(0, made.status(), made.err());
      Ran ran = Ran.sterna("plan", in, "--out", out, "--algorithm", algorithm, "--force");
      assertEquals(0, ran.status(), ran.err());
      String first = Files.readString(folder.resolve("out/plan.csv"));
      Ran.sterna("plan", in, "--out", out, "--algorithm", algorithm, "--force");
      assertEquals(first, Files.readString(folder.resolve("out/plan.csv")));
    }
  }

  @Test
  void whatIsThereIsNotOverwrittenUnasked() throws Exception {
    write();
    String in = folder.resolve("in").toString();
    Ran made = Ran.sterna("scenario", "generate", "--out", in);
    assertEquals(1, made.status());
    String taken = ": exists already (--force overwrites it)\n";
    assertEquals("sterna: " + folder.resolve("in/data-centers.csv") + taken, made.err());
    assertEquals(SITES, Files.readString(folder.resolve("in/data-centers.csv")));
    assertEquals(0, run().status());
    Files.writeString(folder.resolve("out/plan.csv"), "mine");
    Ran again = run();
    assertEquals(1, again.status());
    assertEquals("sterna: " + folder.resolve("out/plan.csv") + taken, again.err());
    assertEquals("mine", Files.readString(folder.resolve("out/plan.csv")));
    assertEquals(0, run("--force").status());
  }

  @Test
  void aBudgetAndWeightsAreTaken() throws Exception {
    write();
    // What is not named counts nothing: link load neither.
    Ran ran = run("--max-moves", "1", "--weight", "rtt=2");
    assertEquals(0, ran.status(), ran.err());
    JsonNode summary = Json.parse(Files.readAllBytes(folder.resolve("out/summary.json")));
    assertEquals(1, summary.path("steps").asInt());
    assertEquals(
        2 * summary.path("termsAfter").path("rttMs").asDouble(),
        summary.path("costAfter").asDouble(),
        1e-9);
    assertEquals(2, run("--weight", "beauty=1").status());
    assertEquals(2, run("--algorithm", "magic").status());
    for (String none : List.of("0", "-1", "NaN")) {
      Ran late = run("--deadline-seconds", none);
      assertEquals(2, late.status(), late.err());
      assertTrue(late.err().contains("is not above 0"), late.err());
    }
  }

  @Test
  void aPlanThatIsCutShortIsToldOf() throws Exception {
    String in = folder.resolve("made").toString();
    String out = folder.resolve("out").toString();
    assertEquals(0, Ran.sterna("scenario", "generate", "--out", in, "--vms", "500").status());
    Ran cut = Ran.sterna("plan", in, "--out", out, "--deadline-seconds", "0.000001");
    assertEquals(0, cut.status(), cut.err());
    assertEquals(
        "the plan was cut short by --deadline-seconds 1.0E-6: more time may find a better one\n",
        cut.err());
    Ran whole = Ran.sterna("plan", in, "--out", out, "--force");
    assertEquals("", whole.err());
  }

  @Test
  void progressIsDrawn() throws Exception {
    Ran ran = Ran.sterna("scenario", "progress", "--out", folder.toString(), "--vms", "100,200");
    assertEquals(0, ran.status(), ran.err());
    for (int vms : new int[] {100, 200}) {
      List<String> csv = Files.readAllLines(folder.resolve("progress-" + vms + ".csv"));
      assertEquals("algorithm,step,cost", csv.get(0));
      assertTrue(csv.stream().anyMatch(line -> line.startsWith("sterna,10,")));
      String svg = Files.readString(folder.resolve("progress-" + vms + ".svg"));
      assertTrue(svg.contains("<svg") && svg.contains("<line"));
    }
  }

  @Test
  void curvesOfWhichOneCannotBeMadeAreNotDrawnAtAll() {
    Path curves = folder.resolve("half");
    Ran ran = Ran.sterna("scenario", "progress", "--out", curves.toString(), "--vms", "20,0");
    assertEquals(2, ran.status(), ran.err());
    assertFalse(Files.exists(curves), "of the first");
  }

  @Test
  void aDayOfFollowingTheSunIsDrawn() throws Exception {
    Ran ran = Ran.sterna("scenario", "follow-the-sun", "--out", folder.toString(), "--vms", "30");
    assertEquals(0, ran.status(), ran.err());
    List<String> csv = Files.readAllLines(folder.resolve("follow-the-sun.csv"));
    assertEquals("hour_utc,rtt_ms_followed,rtt_ms_stayed,rtt_ms_best,moves", csv.get(0));
    assertEquals(1 + 25, csv.size());
    assertTrue(Files.readString(folder.resolve("follow-the-sun.svg")).contains("<svg"));
    assertTrue(ran.out().startsWith("VMS  RTT FOLLOWED"), ran.out());
    Ran none =
        Ran.sterna("scenario", "follow-the-sun", "--out", folder.toString(), "--room", "0.1");
    assertEquals(2, none.status());
  }

  private void bad(String file, String content, int line, String reason) throws IOException {
    String good = files.put(file, content);
    Ran ran = plan();
    assertEquals(2, ran.status(), ran.err());
    String expected = folder.resolve("in").resolve(file) + ":" + line + ": ";
    assertTrue(ran.err().startsWith(expected) && ran.err().contains(reason), ran.err());
    assertFalse(Files.exists(folder.resolve("out")));
    files.put(file, good);
  }

  private void bad(String file, String content, String named, int line) throws IOException {
    files.put(file, content);
    Ran ran = plan();
    assertEquals(2, ran.status(), ran.err());
    String expected = folder.resolve("in").resolve(named) + ":" + line + ": no path from ";
    assertTrue(ran.err().startsWith(expected), ran.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private Ran plan() throws IOException {
    write();
    return run();
  }

  private void write() throws IOException {
    Path in = Files.createDirectories(folder.resolve("in"));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(in.resolve(file.getKey()), file.getValue());
    }
  }

  private Ran run(String... more) {
    String[] all = new String[4 + more.length];
    all[0] = "plan";
    all[1] = folder.resolve("in").toString();
    all[2] = "--out";
    all[3] = folder.resolve("out").toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return Ran.sterna(all);
  }
}
