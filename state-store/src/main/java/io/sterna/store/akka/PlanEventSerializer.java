package io.sterna.store.akka;

import akka.actor.ExtendedActorSystem;
import akka.serialization.SerializerWithStringManifest;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.codec.PlanCodec;
import io.sterna.store.plan.PlanEvent;
import java.io.NotSerializableException;

/**
 * Hands events of plans to {@link PlanCodec}. The identifier and the manifest are stored with every
 * event: neither may ever change.
 */
public final class PlanEventSerializer extends SerializerWithStringManifest {
  /** Stored in the column {@code ser_id}. */
  public static final int IDENTIFIER = 7_831_003;

  private static final String EVENT = "plan";

  /** Called by Akka, which demands this signature. */
  public PlanEventSerializer(@SuppressWarnings("unused") ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    return EVENT;
  }

  @Override
  public byte[] toBinary(Object value) {
    if (value instanceof PlanEvent event) {
      return PlanCodec.encode(event);
    }
    throw new IllegalArgumentException(value.getClass() + " is nothing that happens to a plan");
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(EVENT)) {
      throw new NotSerializableException("unknown manifest '" + manifest + "'");
    }
    try {
      return PlanCodec.decode(bytes);
    } catch (MalformedRecordException e) {
      NotSerializableException failure = new NotSerializableException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }
}
