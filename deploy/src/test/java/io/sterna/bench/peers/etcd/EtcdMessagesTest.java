package io.sterna.bench.peers.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes as etcd's rpc.proto has them. */
class EtcdMessagesTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void put() {
    assertEquals("0a01611202313a", hex(EtcdMessages.put("a", "1:")));
  }

  @Test
  void manyPutsAreOneTransaction() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("a", "1");
    values.put("b", "2");
    assertEquals(
        "1208" + "1206" + "0a0161120131" + "1208" + "1206" + "0a0162120132",
        hex(EtcdMessages.putAll(values)));
  }

  @Test
  void aWatchOfAPrefixEndsBeforeTheNextOne() {
    assertEquals("0a08" + "0a02622f" + "12026230", hex(EtcdMessages.watch("b/")));
  }

  @Test
  void aLongFieldHasALengthOfTwoBytes() {
    String value = "x".repeat(300);
    ByteBuffer put = EtcdMessages.put("a", value);
    assertEquals("0a0161" + "12ac02" + "78".repeat(300), hex(put));
  }

  @Test
  void eventsOfAWatchAreHeardInOrder() throws IOException {
    // header { revision: 300 }, watch_id: 1, two events with key, mod_revision, version, value.
    EtcdMessages.readWatch(
        ofHex(
            "0a0318ac02"
                + "1001"
                + ("5a0b" + "1209" + "0a0161" + "18ac02" + "2a0131")
                + ("5a0a" + "1208" + "0a0162" + "2001" + "2a0132")),
        handler());
    assertEquals(List.of("a=1", "b=2"), heard);
  }

  @Test
  void aWatchSaysThatItStands() throws IOException {
    EtcdMessages.readWatch(ofHex("0a00" + "1801"), handler());
    assertEquals(List.of("created"), heard);
  }

  @Test
  void aCanceledWatchIsAnError() {
    assertThrows(IOException.class, () -> EtcdMessages.readWatch(ofHex("2001"), handler()));
  }

  @Test
  void whatIsCutOffIsAnError() {
    assertThrows(IOException.class, () -> EtcdMessages.readWatch(ofHex("5a0c120a"), handler()));
    assertThrows(IOException.class, () -> EtcdMessages.readWatch(ofHex("10ff"), handler()));
  }

  private EtcdMessages.WatchHandler handler() {
    return new EtcdMessages.WatchHandler() {
      @Override
      public void created() {
        heard.add("created");
      }

      @Override
      public void put(ByteBuffer key, ByteBuffer value) {
        heard.add(text(key) + "=" + text(value));
      }
    };
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.US_ASCII.decode(bytes).toString();
  }

  private static ByteBuffer ofHex(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  private static String hex(ByteBuffer bytes) {
    byte[] all = new byte[bytes.remaining()];
    bytes.get(all);
    return HexFormat.of().formatHex(all);
  }
}
