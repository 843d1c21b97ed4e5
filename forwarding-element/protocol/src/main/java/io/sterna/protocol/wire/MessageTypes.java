package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.wire.FeedLayouts.BindingLayout;

/** The one table of message types. */
final class MessageTypes {
  private MessageTypes() {}

  /** A Kryo that knows feeds alone, whose bindings have had several layouts. */
  static Kryo newFeedKryo(BindingLayout layout) {
    return withFeed(empty(), layout);
  }

  /**
   * A Kryo that knows every message type and nothing else that a peer could use, as of version 1.
   *
   * <p>An id is fixed for ever and never given to another type. On the wire it is one varint, the
   * id plus 2, because Kryo uses 0 for null and 1 for a class name. Ids below 10 are Kryo's own.
   */
  static Kryo newKryo() {
    Kryo kryo = withFeed(empty(), BindingLayout.WHOLE);
    kryo.register(SouthboundMessage.Hello.class, new SessionLayouts.OfHello(), 10);
    kryo.register(SouthboundMessage.Welcome.class, new SessionLayouts.OfWelcome(), 11);
    kryo.register(SouthboundMessage.Members.class, new SessionLayouts.OfMembers(), 12);
    kryo.register(SouthboundMessage.Heartbeat.class, new SessionLayouts.OfHeartbeat(), 13);
    kryo.register(SouthboundMessage.Claim.class, new ClaimLayouts.OfClaim(), 14);
    kryo.register(SouthboundMessage.ClaimAccepted.class, new ClaimLayouts.OfClaimAccepted(), 15);
    kryo.register(SouthboundMessage.ClaimRejected.class, new ClaimLayouts.OfClaimRejected(), 16);
    kryo.register(SouthboundMessage.Applied.class, new FeedLayouts.OfApplied(), 17);
    kryo.register(SouthboundMessage.ResyncRequested.class, new FeedLayouts.OfResyncRequested(), 18);
    kryo.register(SouthboundMessage.TrafficReport.class, new TrafficLayouts.OfReport(), 21);
    kryo.register(
        SouthboundMessage.TrafficAcknowledged.class, new TrafficLayouts.OfAcknowledged(), 22);
    kryo.register(SouthboundMessage.MigrationCommand.class, new MigrationLayouts.OfCommand(), 23);
    kryo.register(SouthboundMessage.MigrationReport.class, new MigrationLayouts.OfReport(), 24);
    kryo.register(SouthboundMessage.VmReport.class, new VmLayouts.OfReport(), 25);
    return kryo;
  }

  private static Kryo withFeed(Kryo kryo, BindingLayout layout) {
    kryo.register(SouthboundMessage.Delta.class, new FeedLayouts.OfDelta(layout), 19);
    kryo.register(SouthboundMessage.Snapshot.class, new FeedLayouts.OfSnapshot(layout), 20);
    return kryo;
  }

  private static Kryo empty() {
    Kryo kryo = new Kryo(new IdsOnly(), null);
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    return kryo;
  }

  /** Kryo would load a class by a name that a peer sent before it finds it unregistered. */
  private static final class IdsOnly extends DefaultClassResolver {
    @Override
    protected Registration readName(Input input) {
      throw new KryoException("a class name instead of an id");
    }
  }
}
