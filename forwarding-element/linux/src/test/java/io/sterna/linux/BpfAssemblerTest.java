package io.sterna.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.linux.BpfAssembler.Do;
import io.sterna.linux.BpfAssembler.If;
import io.sterna.linux.BpfAssembler.Size;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Golden bytes are a little-endian machine's, made by hand from RFC 9669. */
class BpfAssemblerTest {
  private final BpfAssembler code = new BpfAssembler();

  @Test
  void writesWhatRfc9669Says() {
    code.set(0, Do.MOVE, -1).setFrom(6, Do.MOVE, 1).set(2, Do.ADD, 12).setFrom(3, Do.SUBTRACT, 4);
    code.set(1, Do.AND, 15).set(1, Do.SHIFT_LEFT, 2).setFrom(9, Do.DIVIDE, 2).fromBig16(8);
    code.load(Size.WORD, 7, 6, 176).load(Size.BYTE, 0, 10, -48).store(Size.DOUBLE, 10, -64, 7);
    code.storeValue(Size.WORD, 10, -12, 1).atomicAdd(0, 8, 9).call(26).exit();
    assertEquals(
        "b7000000ffffffff"
            + "bf16000000000000"
            + "070200000c000000"
            + "1f43000000000000"
            + "570100000f000000"
            + "6701000002000000"
            + "3f29000000000000"
            + "dc08000010000000"
            + "6167b00000000000"
            + "71a0d0ff00000000"
            + "7b7ac0ff00000000"
            + "620af4ff01000000"
            + "db90080000000000"
            + "850000001a000000"
            + "9500000000000000",
        HexFormat.of().formatHex(code.toBytes()));
  }

  @Test
  void mapsTakeTwoInstructions() {
    code.map(1, 5).mapValue(2, 6, 16);
    assertEquals(
        "18110000050000000000000000000000" + "18220000060000000000000010000000",
        HexFormat.of().formatHex(code.toBytes()));
  }

  @Test
  void jumpsGoBothWays() {
    code.label("top").jumpIf(2, If.EQUAL, 8, "end").jumpIfFrom(0, If.GREATER, 7, "top");
    code.jump("end").label("end").exit();
    assertEquals(
        "1502020008000000" + "2d70feff00000000" + "0500000000000000" + "9500000000000000",
        HexFormat.of().formatHex(code.toBytes()));
  }

  @Test
  void labelsStandOnceAndExist() {
    code.label("a");
    assertThrows(IllegalArgumentException.class, () -> code.label("a"));
    code.jump("b");
    assertThrows(IllegalStateException.class, code::toBytes);
  }
}
