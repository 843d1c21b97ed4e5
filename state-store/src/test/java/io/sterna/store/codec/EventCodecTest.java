package io.sterna.store.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  // Golden bytes: rows with these bytes are in journals. If a test fails, the code is wrong.

  private static final String ACTIVATED_RECORD = "0101040a0a10001407026331ac0281d095ffbc31";
  private static final String COMMITTED_RECORD =
      "010207ad0282d095ffbc310301040a0a10050200000000050366653101030204036665320210"
          + "fd0a0010000000000000000000000005020000000009036665330602010110fd0a0010000000"
          + "000000000000000007020000000005036665390500010366653101";
  private static final String HOUSEKEPT_RECORD =
      "010207af0283d095ffbc310303040a0a10050200000000050366653108040504036665"
          + "33ac020510fd0a00100000000000000000000000070301";
  private static final String ORDERED_RECORD =
      "010207b00284d095ffbc310606040a0a1005020000000005030f616e6e406578616d706c652e"
          + "6f7267093139322e302e322e370e4272616e6420696e204bc3b66c6e80d095ffbc3103666532"
          + "0605036665310710fd0a00100000000000000000000000070200000000050003666531020108"
          + "040a0a10090200000000090103ac020366653708040a0a10090000000000000209616e6f6e79"
          + "6d6f7573000000010209040a0a10090203626f62093132372e302e302e3100000306040a0a10"
          + "06020000000005020f616e6e406578616d706c652e6f7267093139322e302e322e370e427261"
          + "6e6420696e204bc3b66c6e80d095ffbc31036665320100";
  private static final String SNAPSHOT_RECORD =
      "010307af02b2ef9b09a47ad7bafb61a5484995a5e143d3313d708b65303106186776ea638602"
          + "03666531036665320400000000000000000005100a0affff0000000200000000050401010200"
          + "0000000501fa0300020000000005ac02000000000010000afd07000000000000000002000000"
          + "000501";

  @Test
  void rowsHaveTheirGoldenBytes() throws MalformedRecordException {
    assertEquals(ACTIVATED_RECORD, HEX.formatHex(EventCodec.canonicalBytes(Rows.ACTIVATED)));
    assertEquals(COMMITTED_RECORD, HEX.formatHex(EventCodec.canonicalBytes(Rows.COMMITTED)));
    assertEquals(
        "b2ef9b09a47ad7bafb61a5484995a5e143d3313d708b65303106186776ea6386",
        Rows.COMMITTED.hash().toString());
    String activated = ACTIVATED_RECORD + Rows.ACTIVATED.previousHash() + Rows.ACTIVATED.hash();
    String committed = COMMITTED_RECORD + Rows.COMMITTED.previousHash() + Rows.COMMITTED.hash();
    assertEquals(activated, HEX.formatHex(EventCodec.encode(Rows.ACTIVATED)));
    assertEquals(committed, HEX.formatHex(EventCodec.encode(Rows.COMMITTED)));
    assertEquals(Rows.ACTIVATED, EventCodec.decodeRow(HEX.parseHex(activated)));
    assertEquals(Rows.COMMITTED, EventCodec.decodeRow(HEX.parseHex(committed)));
  }

  @Test
  void laterKindsOfEntriesHaveTheirGoldenBytes() throws MalformedRecordException {
    assertEquals(HOUSEKEPT_RECORD, HEX.formatHex(EventCodec.canonicalBytes(Rows.HOUSEKEPT)));
    assertEquals(Rows.HOUSEKEPT, EventCodec.decodeRow(EventCodec.encode(Rows.HOUSEKEPT)));
    assertEquals(303, Rows.HOUSEKEPT.lastRevision(), "a release is a change");
  }

  @Test
  void whatOperatorsAskedForHasItsGoldenBytes() throws MalformedRecordException {
    assertEquals(ORDERED_RECORD, HEX.formatHex(EventCodec.canonicalBytes(Rows.ORDERED)));
    assertEquals(Rows.ORDERED, EventCodec.decodeRow(EventCodec.encode(Rows.ORDERED)));
    assertEquals(306, Rows.ORDERED.lastRevision(), "what changes a binding is a change");
    byte[] noOrder = HEX.parseHex("01020101010109040a0a10090003");
    MalformedRecordException e =
        assertThrows(MalformedRecordException.class, () -> EventCodec.decodeRow(noOrder));
    assertEquals("an entry of an order that no entry before it says", e.getMessage());
  }

  @Test
  void aSnapshotHasItsGoldenBytes() throws MalformedRecordException {
    assertEquals(SNAPSHOT_RECORD, HEX.formatHex(EventCodec.encode(Rows.SNAPSHOT)));
    assertEquals(Rows.SNAPSHOT, EventCodec.decodeSnapshot(HEX.parseHex(SNAPSHOT_RECORD)));
  }

  @Test
  void everyTruncationIsRefused() {
    for (byte[] whole :
        List.of(
            EventCodec.encode(Rows.ACTIVATED),
            EventCodec.encode(Rows.COMMITTED),
            EventCodec.encode(Rows.HOUSEKEPT),
            EventCodec.encode(Rows.ORDERED),
            EventCodec.encode(Rows.SNAPSHOT))) {
      for (int length = 0; length < whole.length; length++) {
        byte[] part = Arrays.copyOf(whole, length);
        assertThrows(MalformedRecordException.class, () -> EventCodec.decodeRow(part));
        assertThrows(MalformedRecordException.class, () -> EventCodec.decodeSnapshot(part));
      }
      byte[] longer = Arrays.copyOf(whole, whole.length + 1);
      assertThrows(MalformedRecordException.class, () -> EventCodec.decodeRow(longer));
      assertThrows(MalformedRecordException.class, () -> EventCodec.decodeSnapshot(longer));
    }
  }

  /** Damage may go unnoticed here, that is what the hashes are for; but it never does worse. */
  @Test
  void damagedBytesNeverDoWorseThanTheNamedException() {
    Random random = new Random(42);
    for (byte[] whole :
        List.of(
            EventCodec.encode(Rows.COMMITTED),
            EventCodec.encode(Rows.HOUSEKEPT),
            EventCodec.encode(Rows.ORDERED),
            EventCodec.encode(Rows.SNAPSHOT))) {
      for (int i = 0; i < 20_000; i++) {
        byte[] damaged = whole.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        decodeEither(damaged);
      }
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertEquals("record ends after 0 bytes", reason());
    assertEquals("record version 9 is not 1", reason(9, 1));
    assertEquals("record type 3 is not a row", reason(1, 3));
    assertEquals("a list of 4097", reason(1, 2, 1, 1, 1, 0x81, 0x20));
    assertEquals("a list of 5", reason(1, 2, 1, 1, 1, 5));
    byte[] epochZero = EventCodec.encode(Rows.COMMITTED);
    epochZero[2] = 0;
    MalformedRecordException e =
        assertThrows(MalformedRecordException.class, () -> EventCodec.decodeRow(epochZero));
    assertEquals("impossible value: epoch 0 is below 1", e.getMessage());
  }

  @Test
  void aMillionBindingsArePackedAndComeBack() throws MalformedRecordException {
    Random random = new Random(7);
    List<Binding> bindings = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      FeId fe = new FeId("fe" + random.nextInt(500));
      MacAddress mac = new MacAddress(0x020000000000L + i);
      bindings.add(new Binding(IpAddress.ofV4(0x0a000000 + i), fe, mac, 1 + random.nextInt(100)));
    }
    RangeSnapshot snapshot = new RangeSnapshot(1, 1_000_000, ChainHash.GENESIS, bindings);
    byte[] bytes = EventCodec.encode(snapshot);
    assertTrue(bytes.length < 10_500_000, bytes.length + " bytes");
    assertEquals(snapshot, EventCodec.decodeSnapshot(bytes));
    assertArrayEquals(bytes, EventCodec.encode(EventCodec.decodeSnapshot(bytes)));
  }

  private static void decodeEither(byte[] bytes) {
    try {
      if (bytes[1] == EventCodec.RANGE_SNAPSHOT) {
        EventCodec.decodeSnapshot(bytes);
      } else {
        EventCodec.decodeRow(bytes);
      }
    } catch (MalformedRecordException e) {
      assertTrue(!String.valueOf(e.getMessage()).contains("\n"), e.getMessage());
    }
  }

  private static String reason(int... unsigned) {
    byte[] bytes = new byte[unsigned.length];
    for (int i = 0; i < unsigned.length; i++) {
      bytes[i] = (byte) unsigned[i];
    }
    MalformedRecordException e =
        assertThrows(MalformedRecordException.class, () -> EventCodec.decodeRow(bytes));
    return String.valueOf(e.getMessage());
  }
}
