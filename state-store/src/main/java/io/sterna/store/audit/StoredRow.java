package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeEvent;
import java.util.Arrays;

/**
 * A row of a journal as it is stored: nothing about it is believed yet.
 *
 * @param number its place in the journal of its range, from 1 on
 * @param format who wrote the bytes, see {@link #FORMAT}
 * @param bytes the row, as {@link EventCodec} writes it
 */
@SuppressWarnings("ArrayRecordComponent") // read once and passed on, never compared
public record StoredRow(long number, String format, byte[] bytes) {
  /** Serializer and manifest of every row: fixed for ever, as the serializer's own are. */
  public static final String FORMAT = "7831001/row";

  private static final int HASHES_BYTES = 2 * ChainHash.BYTES;

  /**
   * The row, if its bytes are those that its hash covers.
   *
   * @throws MalformedRecordException with what is wrong, in one line
   */
  public RangeEvent open() throws MalformedRecordException {
    if (!format.equals(FORMAT)) {
      throw new MalformedRecordException("format " + format + " is not " + FORMAT);
    }
    RangeEvent row = EventCodec.decodeRow(bytes);
    byte[] canonical = Arrays.copyOf(bytes, bytes.length - HASHES_BYTES);
    ChainHash computed = Chain.next(row.previousHash(), canonical);
    if (!computed.equals(row.hash())) {
      throw new MalformedRecordException("its bytes have hash " + computed + ", not " + row.hash());
    }
    return row;
  }
}
