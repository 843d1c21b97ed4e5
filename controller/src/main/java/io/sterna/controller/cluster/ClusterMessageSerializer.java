package io.sterna.controller.cluster;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;

/**
 * Kryo for what controllers send to each other. Registration is required and ids are fixed ({@link
 * ClusterMessageTypes}); the manifest is the version of that table.
 */
public final class ClusterMessageSerializer extends SerializerWithStringManifest {
  /** Fixed for ever: names this serializer on the wire. */
  public static final int IDENTIFIER = 7_831_002;

  private static final String VERSION = "1";
  private static final int BUFFER_BYTES = 512;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final int POOLED = 16;

  private final Pool<Kryo> kryos;
  private final Pool<Output> outputs;

  public ClusterMessageSerializer(ExtendedActorSystem system) {
    kryos =
        new Pool<>(true, false, POOLED) {
          @Override
          protected Kryo create() {
            return newKryo(system);
          }
        };
    outputs =
        new Pool<>(true, false, POOLED) {
          @Override
          protected Output create() {
            return new Output(BUFFER_BYTES, MAX_MESSAGE_BYTES);
          }
        };
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return VERSION;
  }

  @Override
  public byte[] toBinary(Object message) {
    Kryo kryo = kryos.obtain();
    Output output = outputs.obtain();
    try {
      output.reset();
      kryo.writeClassAndObject(output, message);
      return output.toBytes();
    } finally {
      kryos.free(kryo);
      outputs.free(output);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(VERSION)) {
      throw new NotSerializableException("cluster messages of version '" + manifest + "'");
    }
    Kryo kryo = kryos.obtain();
    try {
      return kryo.readClassAndObject(new Input(bytes));
    } catch (KryoException | IllegalArgumentException e) {
      NotSerializableException failure = new NotSerializableException("cluster message: " + e);
      failure.initCause(e);
      throw failure;
    } finally {
      kryos.free(kryo);
    }
  }

  private static Kryo newKryo(ExtendedActorSystem system) {
    Kryo kryo =
        new Kryo() {
          @Override
          @SuppressWarnings("rawtypes") // as Kryo declares it
          public Registration getRegistration(Class type) {
            return super.getRegistration(
                ActorRef.class.isAssignableFrom(type) ? ActorRef.class : type);
          }
        };
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.register(
        ActorRef.class,
        new ActorRefSerializer(ActorRefResolver.get(Adapter.toTyped(system))),
        ClusterMessageTypes.ACTOR_REF);
    ClusterMessageTypes.register(kryo);
    return kryo;
  }

  private static final class ActorRefSerializer extends Serializer<ActorRef<?>> {
    private final ActorRefResolver resolver;

    ActorRefSerializer(ActorRefResolver resolver) {
      super(false, true);
      this.resolver = resolver;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef<?> ref) {
      output.writeString(resolver.toSerializationFormat(ref));
    }

    @Override
    public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
      return resolver.resolveActorRef(input.readString());
    }
  }
}
