package io.sterna.store.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.ChainHash;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The persisted form of rows and snapshots.
 *
 * <pre>
 * record   = version(1 byte, = 1) type(1 byte) fields
 * row      = record previous-hash(32) hash(32)
 * 1 RangeActivated = range epoch controller last-revision at-ms
 * 2 RangeCommitted = epoch first-revision at-ms count entry*
 * 3 RangeSnapshot  = epoch revision hash(32) names count binding*     ({@link PackedBindings})
 * </pre>
 *
 * <p>The canonical bytes of a row are its record: everything but the two hashes. Numbers are Kryo
 * variable length integers, names are a length byte and ASCII. A field is never added to a type:
 * another set of fields is another type with its own number, so that old rows keep their bytes and
 * so their hashes for ever.
 */
public final class EventCodec {
  /** The first byte of every record. */
  public static final int VERSION = 1;

  static final int RANGE_ACTIVATED = 1;
  static final int RANGE_COMMITTED = 2;
  static final int RANGE_SNAPSHOT = 3;

  private static final int INITIAL_BYTES = 512;
  private static final int UNBOUNDED = -1;

  private EventCodec() {}

  /** The bytes of a row. */
  public static byte[] encode(RangeEvent row) {
    Output output = canonical(row);
    Fields.writeHash(output, row.previousHash());
    Fields.writeHash(output, row.hash());
    return output.toBytes();
  }

  /** The bytes of a row that its hash covers: all but the two hashes, which need not be set yet. */
  public static byte[] canonicalBytes(RangeEvent row) {
    return canonical(row).toBytes();
  }

  /** The bytes of a snapshot. */
  public static byte[] encode(RangeSnapshot snapshot) {
    Output output = begin(RANGE_SNAPSHOT);
    output.writeVarLong(snapshot.epoch(), true);
    output.writeVarLong(snapshot.revision(), true);
    Fields.writeHash(output, snapshot.hash());
    PackedBindings.write(output, snapshot.bindings());
    return output.toBytes();
  }

  /**
   * Reads what {@link #encode(RangeEvent)} wrote. Whether the hashes are right is not looked at.
   *
   * @throws MalformedRecordException if the bytes are anything else
   */
  public static RangeEvent decodeRow(byte[] bytes) throws MalformedRecordException {
    return decode(bytes, EventCodec::readRow);
  }

  /**
   * Reads what {@link #encode(RangeSnapshot)} wrote.
   *
   * @throws MalformedRecordException if the bytes are anything else
   */
  public static RangeSnapshot decodeSnapshot(byte[] bytes) throws MalformedRecordException {
    return decode(bytes, EventCodec::readSnapshot);
  }

  private static Output begin(int type) {
    Output output = new Output(INITIAL_BYTES, UNBOUNDED);
    output.writeByte(VERSION);
    output.writeByte(type);
    return output;
  }

  private static Output canonical(RangeEvent row) {
    if (row instanceof RangeActivated activated) {
      Output output = begin(RANGE_ACTIVATED);
      Fields.writeRange(output, activated.range());
      output.writeVarLong(activated.epoch(), true);
      Fields.writeName(output, activated.controller().value());
      output.writeVarLong(activated.lastRevision(), true);
      output.writeVarLong(activated.atEpochMillis(), true);
      return output;
    }
    // Java 17 has no exhaustive switch over a sealed type; the cast fails if a row is added.
    RangeCommitted committed = (RangeCommitted) row;
    Output output = begin(RANGE_COMMITTED);
    output.writeVarLong(committed.epoch(), true);
    output.writeVarLong(committed.firstRevision(), true);
    output.writeVarLong(committed.atEpochMillis(), true);
    output.writeVarInt(committed.entries().size(), true);
    Entries all = new Entries();
    committed.entries().forEach(entry -> all.write(output, entry));
    return output;
  }

  private static RangeEvent readRow(Input input, int type) throws MalformedRecordException {
    return switch (type) {
      case RANGE_ACTIVATED -> readActivated(input);
      case RANGE_COMMITTED -> readCommitted(input);
      default -> throw new MalformedRecordException("record type " + type + " is not a row");
    };
  }

  private static RangeActivated readActivated(Input input) throws MalformedRecordException {
    return new RangeActivated(
        Fields.readRange(input),
        input.readVarLong(true),
        Fields.readController(input),
        input.readVarLong(true),
        input.readVarLong(true),
        Fields.readHash(input),
        Fields.readHash(input));
  }

  private static RangeCommitted readCommitted(Input input) throws MalformedRecordException {
    long epoch = input.readVarLong(true);
    long firstRevision = input.readVarLong(true);
    long atEpochMillis = input.readVarLong(true);
    int count = Fields.readCount(input, RangeCommitted.MAX_ENTRIES, Entries.LEAST_BYTES);
    List<Entry> entries = new ArrayList<>(count);
    Entries all = new Entries();
    for (int i = 0; i < count; i++) {
      entries.add(all.read(input));
    }
    ChainHash previousHash = Fields.readHash(input);
    ChainHash hash = Fields.readHash(input);
    return new RangeCommitted(epoch, firstRevision, atEpochMillis, entries, previousHash, hash);
  }

  private static RangeSnapshot readSnapshot(Input input, int type) throws MalformedRecordException {
    if (type != RANGE_SNAPSHOT) {
      throw new MalformedRecordException("record type " + type + " is not a snapshot");
    }
    return new RangeSnapshot(
        input.readVarLong(true),
        input.readVarLong(true),
        Fields.readHash(input),
        PackedBindings.read(input));
  }

  private static <T> T decode(byte[] bytes, RecordReader<T> reader)
      throws MalformedRecordException {
    Input input = new Input(bytes);
    try {
      int version = input.readByteUnsigned();
      if (version != VERSION) {
        throw new MalformedRecordException("record version " + version + " is not " + VERSION);
      }
      T value = reader.read(input, input.readByteUnsigned());
      int rest = bytes.length - input.position();
      if (rest > 0) {
        throw new MalformedRecordException(rest + " bytes after the end of the record");
      }
      return value;
    } catch (KryoException e) {
      throw new MalformedRecordException("record ends after " + bytes.length + " bytes", e);
    } catch (IllegalArgumentException e) {
      // The message may quote damaged text; whoever logs it wants one line.
      String reason = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
      throw new MalformedRecordException("impossible value: " + reason, e);
    }
  }

  @FunctionalInterface
  private interface RecordReader<T> {
    T read(Input input, int type) throws MalformedRecordException;
  }
}
