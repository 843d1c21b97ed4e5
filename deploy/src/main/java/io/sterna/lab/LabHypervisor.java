package io.sterna.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent's {@code hypervisor.command} runs in a lab: VMs are namespaces, and one moves when
 * its port is plugged in elsewhere. They have no memory to copy: a move takes milliseconds.
 */
public final class LabHypervisor {
  private static final int VMS_MAX = 4;
  private static final int MEMORY_MIB = 1024;

  private final SiteNetwork network;
  private final Site site;
  private final ObjectMapper json = new ObjectMapper();

  /** That of one site. */
  public LabHypervisor(SiteNetwork network, Site site) {
    this.network = network;
    this.site = site;
  }

  /** The command that runs it: {@code sterna lab hypervisor}. */
  public static List<String> command(LabSettings settings, Site site) {
    List<String> command = new ArrayList<>(settings.command());
    command.addAll(
        List.of("lab", "hypervisor", "--prefix", settings.prefix(), "--site", site.id().value()));
    return command;
  }

  /**
   * Does what is asked; does nothing if it holds already.
   *
   * @param operation its name
   * @param about what the agent wrote
   * @return the answer
   * @throws LabException with the reason if it does not hold
   */
  public ObjectNode run(String operation, JsonNode about) throws LabException {
    return switch (operation) {
      case "report" -> report();
      case "prepare" -> json.createObjectNode().put("endpoint", network.plan().namespace(site));
      case "move" -> move(vm(about), about);
      case "complete", "cancel" ->
          json.createObjectNode().put("running", network.siteOf(vm(about)).equals(site));
      case "start", "stop" -> throw new LabException("the VMs of a lab always run");
      default -> throw new LabException("no operation is called '" + operation + "'");
    };
  }

  private ObjectNode report() throws LabException {
    ObjectNode answer = json.createObjectNode();
    var vms = answer.putArray("vms");
    for (Vm vm : network.plan().vms()) {
      if (network.siteOf(vm).equals(site)) {
        vms.addObject().put("address", vm.address4().toString()).put("memory_mib", MEMORY_MIB);
      }
    }
    return answer.put("vm_capacity", VMS_MAX).put("memory_capacity_mib", VMS_MAX * MEMORY_MIB);
  }

  private ObjectNode move(Vm vm, JsonNode about) throws LabException {
    FeId to = new FeId(about.path("to").asText());
    Site target =
        network.plan().sites().stream()
            .filter(each -> each.fe().equals(to))
            .findFirst()
            .orElseThrow(() -> new LabException("no site has " + to));
    if (!network.siteOf(vm).equals(target)) {
      network.move(vm, target);
    }
    return json.createObjectNode();
  }

  private Vm vm(JsonNode about) throws LabException {
    IpAddress address = IpAddress.parse(about.path("vm").asText());
    return network.plan().vms().stream()
        .filter(each -> each.addresses().contains(address))
        .findFirst()
        .orElseThrow(() -> new LabException("no VM has " + address));
  }
}
