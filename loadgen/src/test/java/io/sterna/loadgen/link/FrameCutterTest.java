package io.sterna.loadgen.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage;
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
    FrameCutter cutter = new FrameCutter();
    List<FromController> heard = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += step) {
      cutter.take(bytes, from, Math.min(step, bytes.length - from), heard::add);
    }
    assertEquals(SAID, heard);
  }

  @Test
  void whatNoControllerSaysIsRefused() throws IOException {
    byte[] frame = frames(List.of(new ResyncRequested(RangeId.parse("10.0.0.0/20"))));
    byte[] tooLong = {0x7f, 0, 0, 0, 1};
    byte[] malformed = {0, 0, 0, 1, 9};
    for (byte[] bad : new byte[][] {frame, tooLong, malformed}) {
      FrameCutter cutter = new FrameCutter();
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
