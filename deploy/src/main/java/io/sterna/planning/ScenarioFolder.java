package io.sterna.planning;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Clients;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A scenario as a folder of CSV files: what the planner reads offline, and what a recorded network
 * is written to. What each file holds is in {@code DESIGN.md} of this module.
 */
public final class ScenarioFolder {
  private static final String SITES = "data-centers.csv";
  private static final String LINKS = "links.csv";
  private static final String VMS = "vms.csv";
  private static final String TRAFFIC = "traffic.csv";

  /** What a scenario is made of. */
  public static final List<String> FILES = List.of(SITES, LINKS, VMS, TRAFFIC);

  private static final List<String> SITE_COLUMNS =
      List.of("id", "latitude", "longitude", "vm_capacity", "price_per_vm_hour");
  private static final String MEMORY_CAPACITY = "memory_capacity_mib";
  private static final List<String> LINK_COLUMNS =
      List.of("from", "to", "capacity_mbps", "rtt_ms", "price_per_gib");
  private static final List<String> VM_COLUMNS =
      List.of("address", "data_center", "memory_mib", "movable");
  private static final String GROUP = "anti_affinity";
  private static final String ALLOWED = "allowed_data_centers";
  private static final String DIRTY = "dirty_mbps";
  private static final List<String> TRAFFIC_COLUMNS = List.of("source", "destination", "mbps");

  private final Path folder;
  private final Map<String, Integer> endpoints = new HashMap<>();

  private ScenarioFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads a folder.
   *
   * @throws BadScenarioException naming each line that is wrong in the first file that has such
   */
  public static Scenario read(Path folder) throws BadScenarioException {
    return new ScenarioFolder(folder).read();
  }

  private Scenario read() throws BadScenarioException {
    Network network = network();
    Scenario.Builder builder = Scenario.builder(network);
    readVms(network, builder);
    table(TRAFFIC, TRAFFIC_COLUMNS, List.of())
        .read(
            row ->
                builder.flow(
                    endpoint(row.text("source")),
                    endpoint(row.text("destination")),
                    row.number("mbps")));
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new BadScenarioException(folder.resolve(VMS), String.valueOf(e.getMessage()), e);
    }
  }

  private CsvTable table(String name, List<String> columns, List<String> optional) {
    return new CsvTable(folder.resolve(name), columns, optional);
  }

  private Network network() throws BadScenarioException {
    List<Site> sites = new ArrayList<>();
    Set<SiteId> ids = new LinkedHashSet<>();
    table(SITES, SITE_COLUMNS, List.of(MEMORY_CAPACITY))
        .read(
            row -> {
              Site site = site(row);
              check(ids.add(site.id()), "data center " + site.id() + " is there twice");
              sites.add(site);
            });
    if (sites.isEmpty()) {
      throw new BadScenarioException(List.of(folder.resolve(SITES) + ":1: no data center"));
    }
    List<Link> links = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    table(LINKS, LINK_COLUMNS, List.of())
        .read(
            row -> {
              Link link =
                  new Link(
                      known(ids, row.text("from")),
                      known(ids, row.text("to")),
                      row.number("capacity_mbps"),
                      row.number("rtt_ms"),
                      row.number("price_per_gib"));
              check(seen.add(link.toString()), "link " + link + " is there twice");
              links.add(link);
            });
    return new Network(sites, links);
  }

  private static Site site(CsvTable.Row row) {
    String memory = row.text(MEMORY_CAPACITY);
    return new Site(
        new SiteId(row.text("id")),
        row.number("latitude"),
        row.number("longitude"),
        row.count("vm_capacity"),
        memory.isEmpty() ? Site.ANY_MEMORY : row.integer(MEMORY_CAPACITY),
        row.number("price_per_vm_hour"));
  }

  private static SiteId known(Set<SiteId> ids, String text) {
    SiteId id = new SiteId(text);
    check(ids.contains(id), "no data center " + id + " in " + SITES);
    return id;
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private void readVms(Network network, Scenario.Builder builder) throws BadScenarioException {
    Set<SiteId> ids = network.sites().stream().map(Site::id).collect(Collectors.toSet());
    Room room = new Room(network);
    table(VMS, VM_COLUMNS, List.of(GROUP, ALLOWED, DIRTY))
        .read(
            row -> {
              Endpoint endpoint = endpoint(row, ids);
              check(!endpoints.containsKey(endpoint.toString()), endpoint + " is there twice");
              room.take(endpoint);
              endpoints.put(endpoint.toString(), builder.add(endpoint));
            });
  }

  private static Endpoint endpoint(CsvTable.Row row, Set<SiteId> ids) {
    String address = row.text("address");
    SiteId site = known(ids, row.text("data_center"));
    boolean movable = row.truth("movable");
    if (address.contains("/")) {
      check(!movable, address + " is a prefix of clients outside: it cannot be movable");
      return new Clients(IpPrefix.parse(address), site);
    }
    String group = row.text(GROUP);
    String dirty = row.text(DIRTY);
    Set<SiteId> allowed =
        Arrays.stream(row.text(ALLOWED).split(";", -1))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .map(each -> known(ids, each))
            .collect(Collectors.toSet());
    return new Vm(
        IpAddress.parse(address),
        site,
        row.integer("memory_mib"),
        dirty.isEmpty() ? 0 : row.number(DIRTY),
        movable,
        group.isEmpty() ? Optional.empty() : Optional.of(group),
        allowed);
  }

  private int endpoint(String text) {
    Integer number = endpoints.get(text);
    if (number != null) {
      return number;
    }
    // An address has one canonical text, and perhaps this is another.
    String canonical =
        text.contains("/") ? IpPrefix.parse(text).toString() : IpAddress.parse(text).toString();
    Integer found = endpoints.get(canonical);
    if (found == null) {
      throw new IllegalArgumentException(text + " is not in " + VMS);
    }
    return found;
  }

  /** What is left at each site: the row that takes what is not there is the one that is wrong. */
  private static final class Room {
    private final Network network;
    private final int[] vms;
    private final long[] memoryMib;

    Room(Network network) {
      this.network = network;
      vms = network.sites().stream().mapToInt(Site::vmCapacity).toArray();
      memoryMib = network.sites().stream().mapToLong(Site::memoryCapacityMib).toArray();
    }

    void take(Endpoint endpoint) {
      if (endpoint instanceof Vm vm) {
        int at = network.number(vm.site());
        Site site = network.sites().get(at);
        vms[at]--;
        memoryMib[at] -= vm.memoryMib();
        check(
            vms[at] >= 0,
            "data center %s is overfull: %d VMs fit".formatted(site.id(), site.vmCapacity()));
        check(
            memoryMib[at] >= 0,
            "data center %s is overfull: %d MiB of VMs fit"
                .formatted(site.id(), site.memoryCapacityMib()));
      }
    }
  }

  /** Writes a folder; what it had of a scenario is overwritten. */
  public static void write(Scenario scenario, Path folder) throws IOException {
    Files.createDirectories(folder);
    Network network = scenario.network();
    boolean memory =
        network.sites().stream().anyMatch(each -> each.memoryCapacityMib() != Site.ANY_MEMORY);
    try (CsvWriter csv = writer(folder.resolve(SITES))) {
      List<String> header = new ArrayList<>(SITE_COLUMNS);
      if (memory) {
        header.add(MEMORY_CAPACITY);
      }
      csv.writeRecord(header);
      for (Site each : network.sites()) {
        List<String> row =
            new ArrayList<>(
                List.of(
                    each.id().value(),
                    number(each.latitude()),
                    number(each.longitude()),
                    String.valueOf(each.vmCapacity()),
                    number(each.pricePerVmHour())));
        if (memory) {
          row.add(
              each.memoryCapacityMib() == Site.ANY_MEMORY
                  ? ""
                  : String.valueOf(each.memoryCapacityMib()));
        }
        csv.writeRecord(row);
      }
    }
    try (CsvWriter csv = writer(folder.resolve(LINKS))) {
      csv.writeRecord(LINK_COLUMNS);
      for (Link each : network.links()) {
        csv.writeRecord(
            each.from().value(),
            each.to().value(),
            number(each.capacityMbps()),
            number(each.rttMs()),
            number(each.pricePerGib()));
      }
    }
    writeVms(scenario, folder);
    try (CsvWriter csv = writer(folder.resolve(TRAFFIC))) {
      csv.writeRecord(TRAFFIC_COLUMNS);
      for (int flow = 0; flow < scenario.flows(); flow++) {
        csv.writeRecord(
            scenario.endpoints().get(scenario.source(flow)).toString(),
            scenario.endpoints().get(scenario.destination(flow)).toString(),
            number(scenario.rateMbps(flow)));
      }
    }
  }

  private static void writeVms(Scenario scenario, Path folder) throws IOException {
    try (CsvWriter csv = writer(folder.resolve(VMS))) {
      List<String> header = new ArrayList<>(VM_COLUMNS);
      header.addAll(List.of(GROUP, ALLOWED, DIRTY));
      csv.writeRecord(header);
      for (Endpoint each : scenario.endpoints()) {
        if (each instanceof Vm vm) {
          csv.writeRecord(
              vm.toString(),
              vm.site().value(),
              String.valueOf(vm.memoryMib()),
              String.valueOf(vm.movable()),
              vm.antiAffinity().orElse(""),
              vm.allowedSites().stream()
                  .map(SiteId::value)
                  .sorted()
                  .collect(Collectors.joining(";")),
              number(vm.dirtyMbps()));
        } else {
          csv.writeRecord(each.toString(), each.site().value(), "0", "false", "", "", "0");
        }
      }
    }
  }

  static CsvWriter writer(Path file) throws IOException {
    return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
  }

  /** Without a needless {@code .0}. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
