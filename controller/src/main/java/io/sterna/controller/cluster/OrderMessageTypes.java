package io.sterna.controller.cluster;

import com.esotericsoftware.kryo.Kryo;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.store.event.Order;

/**
 * The ids of what controllers send to each other about what operators ask for: 160 to 169. (59 was
 * that damping ends, when nobody said who asked.)
 */
final class OrderMessageTypes {
  private OrderMessageTypes() {}

  static void register(Kryo kryo) {
    ClusterMessageTypes.record(kryo, Order.class, 160);
    ClusterMessageTypes.record(kryo, OrderedChange.class, 161);
    ClusterMessageTypes.record(kryo, Orders.class, 162);
    ClusterMessageTypes.record(kryo, RangeCommand.ClearDamping.class, 163);
    ClusterMessageTypes.record(kryo, RangeCommand.ChangeBindings.class, 164);
    ClusterMessageTypes.record(kryo, RangeCommand.BindingsChanged.class, 165);
    ClusterMessageTypes.record(kryo, RangeCommand.ChangeResult.class, 166);
  }
}
