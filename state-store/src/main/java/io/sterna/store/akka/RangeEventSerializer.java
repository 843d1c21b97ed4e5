package io.sterna.store.akka;

import akka.actor.ExtendedActorSystem;
import akka.serialization.SerializerWithStringManifest;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.io.NotSerializableException;

/**
 * Hands rows and snapshots to {@link EventCodec}. The identifier and the manifests are stored with
 * every row: neither may ever change.
 */
public final class RangeEventSerializer extends SerializerWithStringManifest {
  /** Stored in the column {@code ser_id}. */
  public static final int IDENTIFIER = 7_831_001;

  private static final String ROW = "row";
  private static final String SNAPSHOT = "snap";

  /** Called by Akka, which demands this signature. */
  public RangeEventSerializer(@SuppressWarnings("unused") ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    if (value instanceof RangeEvent) {
      return ROW;
    }
    if (value instanceof RangeSnapshot) {
      return SNAPSHOT;
    }
    throw unknown(value);
  }

  @Override
  public byte[] toBinary(Object value) {
    if (value instanceof RangeEvent row) {
      return EventCodec.encode(row);
    }
    if (value instanceof RangeSnapshot snapshot) {
      return EventCodec.encode(snapshot);
    }
    throw unknown(value);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return switch (manifest) {
        case ROW -> EventCodec.decodeRow(bytes);
        case SNAPSHOT -> EventCodec.decodeSnapshot(bytes);
        default -> throw new NotSerializableException("unknown manifest '" + manifest + "'");
      };
    } catch (MalformedRecordException e) {
      NotSerializableException failure = new NotSerializableException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  private static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException(value.getClass() + " is neither a row nor a snapshot");
  }
}
