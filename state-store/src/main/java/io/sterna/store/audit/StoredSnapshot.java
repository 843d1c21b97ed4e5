package io.sterna.store.audit;

import io.sterna.store.codec.EventCodec;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeSnapshot;

/**
 * A snapshot as it is stored.
 *
 * @param number the row after which it was made
 * @param bytes as {@link EventCodec} writes it
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record StoredSnapshot(long number, byte[] bytes) {
  /**
   * @throws MalformedRecordException if the bytes are no snapshot
   */
  public RangeSnapshot open() throws MalformedRecordException {
    return EventCodec.decodeSnapshot(bytes);
  }
}
