package io.sterna.store.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import io.sterna.store.plan.PlanEnd;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.PlannedMove;
import io.sterna.store.plan.StepEnd;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** These bytes are in journals: they never change. */
class PlanCodecTest {
  private static final PlanId PLAN = new PlanId(300);
  private static final long AT = 1_700_000_000_000L;
  private static final PlannedMove MOVE =
      new PlannedMove(
          IpAddress.parse("10.10.1.11"), new SiteId("a"), new SiteId("b"), 2048, 1, 0.5, "why");

  private static final String HEAD = "ac0280d095ffbc31";

  static Stream<Arguments> golden() {
    return Stream.of(
        Arguments.of(
            new PlanEvent.Proposed(PLAN, AT, "schedule", 1, 0.5, List.of(MOVE)),
            "0101"
                + HEAD
                + "087363686564756c65"
                + "3ff0000000000000"
                + "3fe0000000000000"
                + "01"
                + "040a0a010b"
                + "0161"
                + "0162"
                + "8010"
                + "3ff0000000000000"
                + "3fe0000000000000"
                + "03776879"),
        Arguments.of(new PlanEvent.Approved(PLAN, AT, "é"), "0102" + HEAD + "02c3a9"),
        Arguments.of(
            new PlanEvent.StepStarted(PLAN, AT, 1, new FeId("fe1"), new FeId("fe2"), 1, 0.5),
            "0103" + HEAD + "010366653103666532" + "3ff0000000000000" + "3fe0000000000000"),
        Arguments.of(
            new PlanEvent.StepEnded(PLAN, AT, 1, StepEnd.FAILED, "no"),
            "0104" + HEAD + "0102026e6f"),
        Arguments.of(new PlanEvent.StopRequested(PLAN, AT, "bob"), "0105" + HEAD + "03626f62"),
        Arguments.of(new PlanEvent.Ended(PLAN, AT, PlanEnd.EXPIRED, ""), "0106" + HEAD + "0500"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void bytesAreFixed(PlanEvent event, String hex) throws Exception {
    byte[] bytes = PlanCodec.encode(event);
    // Kryo's doubles are little-endian; the text above is as people read numbers.
    assertEquals(
        hex.replace("3ff0000000000000", "000000000000f03f")
            .replace("3fe0000000000000", "000000000000e03f"),
        HexFormat.of().formatHex(bytes));
    assertEquals(event, PlanCodec.decode(bytes));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void whatIsCutOrTooLongIsRefused(PlanEvent event, String ignored) {
    byte[] bytes = PlanCodec.encode(event);
    for (int length = 0; length <= bytes.length + 1; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      if (length != bytes.length) {
        assertThrows(MalformedRecordException.class, () -> PlanCodec.decode(cut));
      }
    }
  }

  @Test
  void whatIsNoEventIsRefused() {
    for (String hex : List.of("02", "0107" + HEAD, "0106" + HEAD + "0600", "01060001")) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      assertThrows(MalformedRecordException.class, () -> PlanCodec.decode(bytes));
    }
  }
}
