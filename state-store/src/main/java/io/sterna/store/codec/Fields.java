package io.sterna.store.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferUnderflowException;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import java.nio.charset.StandardCharsets;

/** The bytes of single values. */
final class Fields {
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;

  private Fields() {}

  static void writeHash(Output output, ChainHash hash) {
    output.writeBytes(hash.toBytes());
  }

  static ChainHash readHash(Input input) {
    return ChainHash.ofBytes(input.readBytes(ChainHash.BYTES));
  }

  static void writeName(Output output, String name) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    output.writeByte(ascii.length);
    output.writeBytes(ascii);
  }

  /** A text of any characters: its length in bytes, then UTF-8. */
  static void writeText(Output output, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    output.writeVarInt(utf8.length, true);
    output.writeBytes(utf8);
  }

  static String readText(Input input, int bytesMax) throws MalformedRecordException {
    return new String(input.readBytes(readCount(input, bytesMax, 1)), StandardCharsets.UTF_8);
  }

  static FeId readFe(Input input) {
    int length = input.readByteUnsigned();
    return KnownElements.read(input.getBuffer(), take(input, length), length);
  }

  static ControllerId readController(Input input) {
    return new ControllerId(readName(input));
  }

  /** The length of an address is its family: 4 or 16. */
  static void writeAddress(Output output, IpAddress address) {
    byte[] bytes = address.toBytes();
    output.writeByte(bytes.length);
    output.writeBytes(bytes);
  }

  static IpAddress readAddress(Input input) throws MalformedRecordException {
    int length = input.readByteUnsigned();
    if (length != V4_BYTES && length != V6_BYTES) {
      throw new MalformedRecordException("an address of " + length + " bytes");
    }
    return IpAddress.ofBytes(input.getBuffer(), take(input, length), length);
  }

  static void writeRange(Output output, RangeId range) {
    writeAddress(output, range.prefix().address());
    output.writeByte(range.prefix().length());
  }

  static RangeId readRange(Input input) throws MalformedRecordException {
    return new RangeId(new IpPrefix(readAddress(input), input.readByteUnsigned()));
  }

  static void writeMac(Output output, MacAddress mac) {
    output.writeBytes(mac.toBytes());
  }

  static MacAddress readMac(Input input) {
    return MacAddress.ofBytes(input.getBuffer(), take(input, MacAddress.BYTES));
  }

  /**
   * Reads the length of a list.
   *
   * @throws MalformedRecordException if so many elements are not allowed, or cannot be in what is
   *     left of the input: no damaged length makes anybody allocate memory
   */
  static int readCount(Input input, int most, int leastBytesEach) throws MalformedRecordException {
    int count = input.readVarInt(true);
    long leastBytes = (long) count * leastBytesEach;
    if (count < 0 || count > most || leastBytes > input.limit() - input.position()) {
      throw new MalformedRecordException("a list of " + Integer.toUnsignedString(count));
    }
    return count;
  }

  static String readName(Input input) {
    return new String(input.readBytes(input.readByteUnsigned()), StandardCharsets.US_ASCII);
  }

  /**
   * Passes over bytes, which are read where they lie: a million changes make no copy each. All of
   * the input is in its buffer, none comes from a stream.
   *
   * @return where they begin
   * @throws KryoBufferUnderflowException if there are not so many
   */
  private static int take(Input input, int bytes) {
    int at = input.position();
    if (bytes > input.limit() - at) {
      throw new KryoBufferUnderflowException("%d bytes of %d".formatted(input.limit() - at, bytes));
    }
    input.setPosition(at + bytes);
    return at;
  }
}
