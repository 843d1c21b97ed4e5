package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.planning.ScenarioFolder;
import io.sterna.protocol.SiteId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveScenarioTest {
  private static final String NETWORK =
      """
      {"sites":[
        {"id":"site1","latitude":48.1,"longitude":11.6,"vmCapacity":2,"memoryCapacityMib":null,
         "pricePerVmHour":0.05},
        {"id":"site2","latitude":-1,"longitude":36.8,"vmCapacity":2,"memoryCapacityMib":65536,
         "pricePerVmHour":0}],
       "links":[
        {"from":"site1","to":"site2","capacityMbps":1000,"rttMs":12.5,"pricePerGib":0.01},
        {"from":"site2","to":"site1","capacityMbps":500,"rttMs":12.5,"pricePerGib":0}]}""";

  private static final String BINDINGS =
      """
      [{"address":"fd0a:10::222","fe":"fe1","mac":"02:00:00:00:00:01","site":"site1"},
       {"address":"10.10.1.11","fe":"fe1","mac":"02:00:00:00:00:01","site":"site1",
        "allowedSites":["site1","site2"],"state":"active"},
       {"address":"fd0a:10::111","fe":"fe2","mac":"02:00:00:00:00:01","site":"site2",
        "allowedSites":[],"state":"active"}]""";

  private static final String ENDPOINTS =
      """
      [{"endpoint":"0.0.0.0/0","site":"site1"},{"endpoint":"10.10.1.11","site":"site1"},
       {"endpoint":"192.0.2.0/24","site":""},{"endpoint":"198.51.100.0/24","site":"site2"},
       {"endpoint":"ff02::/48","site":"site2"}]""";

  private static final String PAIRS =
      """
      [{"source":"10.10.1.11","destination":"fd0a:10::111","mbps":2.5},
       {"source":"198.51.100.0/24","destination":"10.10.1.11","mbps":4},
       {"source":"fd0a:10::111","destination":"ff02::/48","mbps":64},
       {"source":"10.10.9.9","destination":"10.10.1.11","mbps":8},
       {"source":"10.10.1.11","destination":"10.10.1.11","mbps":16},
       {"source":"0.0.0.0/0","destination":"0.0.0.0/0","mbps":32}]""";

  private static final String LINKS = "{\"unlisted\":{\"mbps\":0.5}}";

  @Test
  void whatIsRecordedIsReadBack(@TempDir Path folder) throws Exception {
    LiveScenario live = record(BINDINGS, NETWORK);
    assertEquals(6.5, live.recordedMbps());
    assertEquals(120.5, live.leftOutMbps());
    ScenarioFolder.write(live.scenario(), folder);
    assertEquals(
        """
        id,latitude,longitude,vm_capacity,price_per_vm_hour,memory_capacity_mib
        site1,48.1,11.6,2,0.05,
        site2,-1,36.8,2,0,65536
        """,
        Files.readString(folder.resolve("data-centers.csv")));
    assertEquals(
        """
        address,data_center,memory_mib,movable,anti_affinity,allowed_data_centers,dirty_mbps
        10.10.1.11,site1,512,true,,site1;site2,0
        fd0a:10::111,site2,512,true,,,0
        198.51.100.0/24,site2,0,false,,,0
        """,
        Files.readString(folder.resolve("vms.csv")));
    assertEquals(
        """
        source,destination,mbps
        10.10.1.11,fd0a:10::111,2.5
        198.51.100.0/24,10.10.1.11,4
        """,
        Files.readString(folder.resolve("traffic.csv")));
    Scenario read = ScenarioFolder.read(folder);
    assertEquals(2, read.flows());
    assertEquals(live.scenario().endpoints(), read.endpoints());
  }

  /** All addresses of a VM move with it. */
  @Test
  void whatHoldsForOneAddressHoldsForItsVm() throws Exception {
    String second =
        """
        "site":"site1","allowedSites":["site2","site3"],"state":"damped"}""";
    String bindings = BINDINGS.replaceFirst("\"site\":\"site1\"}", second);
    Endpoint.Vm vm = (Endpoint.Vm) record(bindings, NETWORK).scenario().endpoints().get(0);
    assertEquals("10.10.1.11", vm.toString());
    assertFalse(vm.movable());
    assertEquals(Set.of(new SiteId("site2")), vm.allowedSites());
    String apart = BINDINGS.replaceFirst("\"site\":\"site1\"}", second.replace("site2", "site4"));
    vm = (Endpoint.Vm) record(apart, NETWORK).scenario().endpoints().get(0);
    assertEquals(Set.of(new SiteId("site1")), vm.allowedSites());
  }

  @Test
  void anOverfullSiteIsNamed() {
    OperationFailedException failure =
        assertThrows(
            OperationFailedException.class,
            () -> record(BINDINGS, NETWORK.replace("\"vmCapacity\":2", "\"vmCapacity\":0")));
    assertTrue(String.valueOf(failure.getMessage()).contains("site1"), failure.getMessage());
  }

  private static LiveScenario record(String bindings, String network)
      throws OperationFailedException {
    return LiveScenario.of(
        json(network), json(bindings), json(ENDPOINTS), json(PAIRS), json(LINKS), 512);
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
