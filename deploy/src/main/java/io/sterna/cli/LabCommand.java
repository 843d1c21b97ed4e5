package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.lab.KernelNetwork;
import io.sterna.lab.Lab;
import io.sterna.lab.LabException;
import io.sterna.lab.LabHypervisor;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.fault.Fault;
import io.sterna.lab.fault.FaultCatalog;
import io.sterna.lab.fault.FaultRow;
import io.sterna.lab.fault.FaultRuns;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Prerequisites;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna lab}: a whole Sterna on this machine. */
@Command(
    name = "lab",
    description = {
      "A whole Sterna on this machine. Needs root.",
      "Three sites as network namespaces, VMs, a client outside, three controllers and Cassandra."
    },
    footer = {
      "",
      "Examples:",
      "  sterna lab up",
      "  sterna lab move vm11 site2",
      "  sterna vm list",
      "  sterna lab down"
    })
final class LabCommand {
  private final ApiCommand output;

  LabCommand(ApiCommand output) {
    this.output = output;
  }

  @Command(
      name = "up",
      description = {
        "Build the lab. Ends when all VMs are bound and all forwarding elements in sync;",
        "if it fails, nothing of it is left."
      },
      footer = {"", "Examples:", "  sterna lab up"})
  int up() throws LabException {
    ControlPlane controlPlane = lab().up(LabProcesses.Life.ON_THEIR_OWN, progress());
    ObjectNode answer = Json.MAPPER.createObjectNode();
    controlPlane.api().addresses().forEach(answer.putArray("api")::add);
    output.show(
        answer,
        all -> {
          Table table = new Table("API");
          all.path("api").forEach(each -> table.row(each.asText("")));
          return table;
        });
    return ExitStatus.DONE;
  }

  @Command(
      name = "down",
      description = {
        "Take the lab down: its processes, namespaces and files, and nothing else.",
        "The class archive that makes Cassandra start sooner stays."
      },
      footer = {"", "Examples:", "  sterna lab down"})
  int down() throws LabException {
    lab().down(progress());
    return ExitStatus.DONE;
  }

  @Command(
      name = "move",
      description = {
        "Move a VM to a site, where it announces itself. Ends when it is bound there;",
        "exit status 1 if nobody binds it there within 20 s."
      },
      footer = {"", "Examples:", "  sterna lab move vm11 site2", "  sterna vm show 10.10.1.11"})
  int move(
      @Parameters(paramLabel = "VM", description = "As in 'lab status', for instance vm11.")
          String vm,
      @Parameters(paramLabel = "SITE", description = "For instance site2.") String site)
      throws LabException, OperationFailedException {
    checkNames(vm, site);
    MoveStamps stamps = lab().move(vm, site, progress());
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("vm", vm);
    answer.put("site", site);
    answer.put("unpluggedMs", ms(stamps.pluggedNanos() - stamps.unpluggedNanos()));
    answer.put("announcedAfterMs", ms(stamps.announcedNanos() - stamps.unpluggedNanos()));
    output.show(
        answer,
        all -> {
          Table table = new Table("VM", "SITE", "UNPLUGGED-MS", "ANNOUNCED-AFTER-MS");
          table.row(
              Json.cell(all, "vm"),
              Json.cell(all, "site"),
              Json.cell(all, "unpluggedMs"),
              Json.cell(all, "announcedAfterMs"));
          return table;
        });
    return ExitStatus.DONE;
  }

  private static void checkNames(String vm, String site) throws OperationFailedException {
    LabPlan plan = LabPlan.standard(LabSettings.standard().prefix());
    try {
      plan.vm(vm);
      plan.site(site);
    } catch (LabException e) {
      throw OperationFailedException.badUsage(String.valueOf(e.getMessage()));
    }
  }

  @Command(
      name = "status",
      description =
          "What stands and runs. Exit status 1 if no lab stands, or something of it has ended.",
      footer = {"", "Examples:", "  sterna lab status", "  sterna lab status --output json"})
  int status() throws LabException, OperationFailedException {
    output.refuseCsv();
    Lab.Status status = lab().status();
    ObjectNode answer = json(status);
    if (output.json()) {
      Json.print(answer, output.out());
    } else {
      output.out().println("lab: " + (status.standing() ? "stands" : "does not stand"));
      processes(status.processes()).print(output.out());
      output.out().println();
      vms(status.vmSites()).print(output.out());
    }
    boolean runs = status.processes().stream().allMatch(process -> process.running().isPresent());
    return status.standing() && runs ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  @Command(
      name = "hypervisor",
      hidden = true,
      description = {
        "What an agent's hypervisor.command runs in a lab: JSON on standard input, one line of JSON",
        "as the answer."
      },
      footer = {
        "",
        "Examples:",
        "  sterna lab hypervisor --prefix sterna --site site1 report < /dev/null"
      })
  int hypervisor(
      @Option(
              names = "--prefix",
              required = true,
              paramLabel = "PREFIX",
              description = "What the lab's namespaces begin with.")
          String prefix,
      @Option(
              names = "--site",
              required = true,
              paramLabel = "SITE",
              description = "The site whose agent asks.")
          String site,
      @Parameters(
              paramLabel = "OPERATION",
              description = "report, prepare, move, complete or cancel.")
          String operation)
      throws LabException {
    LabPlan plan = LabPlan.standard(prefix);
    try {
      JsonNode about = Json.MAPPER.readTree(System.in);
      LabHypervisor hypervisor = new LabHypervisor(new KernelNetwork(plan), plan.site(site));
      output.out().println(Json.MAPPER.writeValueAsString(hypervisor.run(operation, about)));
      return ExitStatus.DONE;
    } catch (IOException | IllegalArgumentException e) {
      throw new LabException("what was asked is malformed: " + e.getMessage(), e);
    }
  }

  @Command(
      name = "fault",
      description = {
        "Break things while changes flow, and check from outside that nothing acknowledged is lost",
        "and that every range serves again in time. Builds a lab of its own for that, of three",
        "controllers and Cassandra, and removes it. Exit status 1 if something does not hold.",
        "With --output json each fault is one line of standard output."
      },
      footer = {
        "",
        "Examples:",
        "  sterna lab fault --list",
        "  sterna lab fault kill-owner partition-owner",
        "  sterna lab fault --output json > faults.jsonl"
      })
  int fault(
      @Parameters(
              paramLabel = "FAULT",
              arity = "0..*",
              description = "What to break, as --list names it; everything by default.")
          List<String> names,
      @Option(names = "--list", description = "List what can be broken, and break nothing.")
          boolean list,
      @Option(
              names = "--seed",
              paramLabel = "N",
              defaultValue = "1",
              description = "Decides what the load does. Default: ${DEFAULT-VALUE}.")
          long seed)
      throws LabException, OperationFailedException {
    List<Fault> faults = named(names == null ? List.of() : names);
    if (list) {
      list(faults);
      return ExitStatus.DONE;
    }
    Prerequisites.check();
    LabSettings standard = LabSettings.standard();
    LabSettings own = standard.within("sfault", standard.workDirectory().resolveSibling("sfault"));
    boolean holds = true;
    Table table =
        new Table("FAULT", "HOLDS", "SECONDS", "BOUND", "ACKNOWLEDGED", "LOST", "SLOWEST");
    try (FaultRuns runs = FaultRuns.start(own, seed, progress())) {
      for (Fault fault : faults) {
        FaultRow row = runs.run(fault);
        holds &= row.holds();
        show(row.toJson(), table);
      }
    }
    if (!output.json()) {
      output.show(table);
    }
    return holds ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private static List<Fault> named(List<String> names) throws OperationFailedException {
    try {
      return FaultCatalog.named(names);
    } catch (LabException e) {
      throw OperationFailedException.badUsage(String.valueOf(e.getMessage()));
    }
  }

  private void list(List<Fault> faults) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode all = answer.putArray("faults");
    faults.forEach(each -> all.addObject().put("name", each.name()).put("what", each.what()));
    output.show(
        answer,
        found -> {
          Table table = new Table("FAULT", "WHAT");
          found
              .path("faults")
              .forEach(each -> table.row(Json.cell(each, "name"), Json.cell(each, "what")));
          return table;
        });
  }

  private void show(ObjectNode row, Table table) {
    if (output.json()) {
      output.out().println(row);
      output.out().flush();
    }
    table.row(
        Json.cell(row, "name"),
        Json.cell(row, "holds"),
        Json.cell(row, "seconds"),
        Json.cell(row, "bound"),
        Json.cell(row, "acknowledged"),
        Json.cell(row, "lost"),
        Json.cell(row, "slowestClaimSeconds"));
  }

  private static ObjectNode json(Lab.Status status) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("standing", status.standing());
    status.api().forEach(answer.putArray("api")::add);
    for (LabProcess each : status.processes()) {
      ObjectNode process = answer.withArray("processes").addObject();
      process.put("name", each.name());
      process.put("pid", each.pid());
      process.put("running", each.running().isPresent());
      process.put("log", each.log().toString());
    }
    ObjectNode sites = answer.putObject("vmSites");
    status.vmSites().forEach(sites::put);
    return answer;
  }

  private static Table processes(List<LabProcess> processes) {
    Table table = new Table("PROCESS", "PID", "RUNNING", "LOG");
    for (LabProcess each : processes) {
      table.row(
          each.name(),
          String.valueOf(each.pid()),
          each.running().isPresent() ? "yes" : "no",
          each.log().toString());
    }
    return table;
  }

  private static Table vms(Map<String, String> vmSites) {
    Table table = new Table("VM", "SITE");
    vmSites.forEach(table::row);
    return table;
  }

  private static double ms(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static Lab lab() {
    return Lab.inNamespaces(LabSettings.standard());
  }

  private static Progress progress() {
    return new Progress(System.err);
  }
}
