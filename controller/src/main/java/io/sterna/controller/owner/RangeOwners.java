package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.sterna.protocol.RangeId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The way to the owner of each range, wherever in the cluster it is. */
public final class RangeOwners {
  /** The sharded entity: its id is the range's text. */
  static final EntityTypeKey<RangeCommand> KEY =
      EntityTypeKey.create(RangeCommand.class, "address-range");

  private final ClusterSharding sharding;
  private final ActorRef<ShardingEnvelope<RangeCommand>> region;

  private RangeOwners(ClusterSharding sharding, ActorRef<ShardingEnvelope<RangeCommand>> region) {
    this.sharding = sharding;
    this.region = region;
  }

  /**
   * Takes part in owning ranges.
   *
   * @param behaviorOf the owner of a range
   */
  public static RangeOwners start(
      ActorSystem<?> system,
      Function<RangeId, akka.actor.typed.Behavior<RangeCommand>> behaviorOf) {
    ClusterSharding sharding = ClusterSharding.get(system);
    ActorRef<ShardingEnvelope<RangeCommand>> region =
        sharding.init(
            Entity.of(KEY, context -> behaviorOf.apply(RangeId.parse(context.getEntityId())))
                .withStopMessage(RangeCommand.HandOff.INSTANCE)
                .withMessageExtractor(new OneShardPerRange()));
    return new RangeOwners(sharding, region);
  }

  /** Sends without waiting; kept back while the range moves between controllers. */
  public void tell(RangeId range, RangeCommand command) {
    region.tell(new ShardingEnvelope<>(range.toString(), command));
  }

  /** Sends and waits for the answer. */
  public <T> CompletionStage<T> ask(
      RangeId range, Function<ActorRef<T>, RangeCommand> command, Duration timeout) {
    return sharding.entityRefFor(KEY, range.toString()).ask(command::apply, timeout);
  }

  /** A shard for each range: the allocation strategy then spreads ranges one by one. */
  private static final class OneShardPerRange
      extends ShardingMessageExtractor<ShardingEnvelope<RangeCommand>, RangeCommand> {
    @Override
    public String entityId(ShardingEnvelope<RangeCommand> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
      return entityId;
    }

    @Override
    public RangeCommand unwrapMessage(ShardingEnvelope<RangeCommand> envelope) {
      return envelope.message();
    }
  }
}
