package io.sterna.loadgen.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.wire.WireCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCutterTest {
  private static final List<FromController> SAID =
      List.of(
          new Heartbeat(1),
          new Members(List.of(new ControllerEndpoint(new ControllerId("c1"), "127.0.0.1", 4780))),
          new Heartbeat(Long.MAX_VALUE));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
  void messagesDoNotDependOnHowTheirBytesArrive(int step) throws IOException {
    byte[] bytes = frames(SAID);
    FrameCutter cutter = new FrameCutter(new DecodedFrames());
    List<FromController> heard = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += step) {
      cutter.take(bytes, from, Math.min(step, bytes.length - from), heard::add);
    }
    assertEquals(SAID, heard);
  }

  @Test
  void theSameBytesAreTheSameMessageAndOthersAreNot() throws IOException {
    DecodedFrames decoded = new DecodedFrames();
    List<Delta> said = new ArrayList<>();
    for (int revision = 1; revision <= 2_000; revision++) {
      RangeId range = RangeId.parse("10.0.0.0/20");
      RangePosition to = new RangePosition(range, 1, revision, ChainHash.GENESIS);
      said.add(new Delta(revision - 1, ChainHash.GENESIS, to, List.of()));
    }
    byte[] bytes = frames(said);
    List<FromController> first = new ArrayList<>();
    List<FromController> second = new ArrayList<>();
    // Two elements, the second some frames behind.
    FrameCutter one = new FrameCutter(decoded);
    FrameCutter other = new FrameCutter(decoded);
    int behind = bytes.length / 50;
    one.take(bytes, 0, behind, first::add);
    for (int from = 0; from < bytes.length; from += behind) {
      int length = Math.min(behind, bytes.length - from);
      int ahead = from + behind;
      if (ahead < bytes.length) {
        one.take(bytes, ahead, Math.min(behind, bytes.length - ahead), first::add);
      }
      other.take(bytes, from, length, second::add);
    }
    assertEquals(said, first);
    assertEquals(said, second);
    int shared = 0;
    for (int i = 0; i < said.size(); i++) {
      shared += first.get(i) == second.get(i) ? 1 : 0;
    }
    // Some fall out because another frame takes their place.
    assertTrue(shared > said.size() / 2, "shared only " + shared);
  }

  @Test
  void whatNoControllerSaysIsRefused() throws IOException {
    byte[] frame = frames(List.of(new ResyncRequested(RangeId.parse("10.0.0.0/20"))));
    byte[] tooLong = {0x7f, 0, 0, 0, 1};
    byte[] malformed = {0, 0, 0, 1, 9};
    for (byte[] bad : new byte[][] {frame, tooLong, malformed}) {
      FrameCutter cutter = new FrameCutter(new DecodedFrames());
      assertThrows(IOException.class, () -> cutter.take(bad, 0, bad.length, message -> {}));
    }
  }

  private static byte[] frames(List<? extends SouthboundMessage> messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (SouthboundMessage message : messages) {
      bytes.write(WireCodec.encodeFrame(message));
    }
    return bytes.toByteArray();
  }
}
