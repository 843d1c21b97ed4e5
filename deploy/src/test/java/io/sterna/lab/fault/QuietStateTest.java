package io.sterna.lab.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is wrong when all is quiet is found, and nothing else. */
class QuietStateTest {
  private static final RangeId RANGE = RangeId.parse("10.20.0.0/24");
  private static final RangeId OTHER = RangeId.parse("10.20.1.0/24");
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");

  private final VmSpace vms = new VmSpace(RANGE.prefix(), 16);
  private final Map<IpAddress, Attachment> bindings = new HashMap<>();

  @Test
  void tablesThatHoldWhatTheRangesHoldAreGood() {
    bindings.put(vms.address(3), new Attachment(FE2, 7));
    // Of another load.
    bindings.put(IpAddress.parse("10.20.1.1"), new Attachment(FE1, 1));
    assertEquals(List.of(), wrong(table(bound(3, FE2, 7)), table(bound(3, FE2, 7))));
  }

  @Test
  void tablesThatAgreeWithEachOtherAndNotWithTheRangesAreFound() {
    bindings.put(vms.address(3), new Attachment(FE2, 8));
    assertEquals(4, wrong(table(bound(3, FE2, 7)), table(bound(3, FE2, 7))).size());
    bindings.put(vms.address(3), new Attachment(FE1, 7));
    assertEquals(2, wrong(table(bound(3, FE2, 7))).size());
  }

  @Test
  void whatOnlyOneSideHoldsIsFound() {
    assertEquals(2, wrong(table(bound(3, FE2, 7))).size());
    bindings.put(vms.address(4), new Attachment(FE2, 1));
    List<String> wrong = wrong(table(bound(3, FE2, 7)));
    assertEquals(3, wrong.size(), wrong::toString);
    assertTrue(wrong.get(2).contains("2 VMs"), wrong::toString);
  }

  @Test
  void aWholeRecordIsGood() throws Exception {
    assertEquals(List.of(), record("{'checkpoints':{'faults':[]},'ranges':[%s,%s]}"));
  }

  @Test
  void aBrokenRecordIsFound() throws Exception {
    JsonNode verified =
        json(
            "{'ranges':[{'range':'10.20.0.0/24','intact':false,'faultCount':1,"
                + "'faults':[{'kind':'ROW_MISSING'}]},"
                + "{'range':'10.20.1.0/24','intact':true,'faultCount':0}]}");
    List<String> wrong = QuietState.wrongInRecord(verified, List.of(RANGE, OTHER));
    assertEquals(1, wrong.size(), wrong::toString);
    assertTrue(wrong.get(0).contains("ROW_MISSING"), wrong::toString);
  }

  @Test
  void aRecordThatWasNotReadIsFound() throws Exception {
    assertEquals(1, record("{'ranges':[%s]}").size());
    assertEquals(1, record("{'ranges':[%s,%s],'error':{'code':'unavailable'}}").size());
    assertEquals(1, record("{'checkpoints':{'faults':['no key']},'ranges':[%s,%s]}").size());
  }

  private static List<String> record(String form) throws Exception {
    String one = "{'range':'%s','intact':true,'faultCount':0,'faults':[]}";
    JsonNode verified = json(form.formatted(one.formatted(RANGE), one.formatted(OTHER)));
    return QuietState.wrongInRecord(verified, List.of(RANGE, OTHER));
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  private List<String> wrong(FeTable... tables) {
    return QuietState.wrongInTables(vms, List.of(tables), List.of(FE1, FE2), bindings);
  }

  private Binding bound(int vm, FeId fe, long version) {
    return new Binding(vms.address(vm), fe, vms.mac(vm), version);
  }

  private FeTable table(Binding binding) {
    FeTable table =
        new FeTable("a table", new BindingReader(vms, fe -> fe.equals(FE1) ? 0 : 1), new Watch());
    table.welcome(List.of(RANGE));
    RangePosition position = new RangePosition(RANGE, 1, 1, ChainHash.GENESIS);
    table.hear(1, new Snapshot(position, 0, true, List.of(binding)));
    return table;
  }

  private static final class Watch implements TableWatch {
    @Override
    public void advanced(int vm, int fromVersion, int toVersion) {}

    @Override
    public boolean isNew(RangePosition next) {
      return true;
    }

    @Override
    public void moved(RangePosition from, RangePosition to) {}

    @Override
    public void wentBack(String what) {
      throw new AssertionError(what);
    }
  }
}
