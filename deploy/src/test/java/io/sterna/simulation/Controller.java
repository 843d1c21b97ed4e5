package io.sterna.simulation;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.FromFe;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A controller: owners of ranges, and sessions of elements. */
final class Controller {
  private final World world;
  private final ControllerId id;
  private final Machine machine;
  private final Map<RangeId, Owner> owners = new TreeMap<>();
  private final Map<FeId, Session> sessions = new TreeMap<>();

  Controller(World world, ControllerId id, Machine machine) {
    this.world = world;
    this.id = id;
    this.machine = machine;
  }

  ControllerId id() {
    return id;
  }

  Machine machine() {
    return machine;
  }

  @Nullable Owner owner(RangeId range) {
    return owners.get(range);
  }

  void startOwner(RangeId range) {
    if (machine.isUp() && !owners.containsKey(range)) {
      owners.put(range, new Owner(world, this, range));
    }
  }

  void crash() {
    machine.crash();
    owners.clear();
    sessions.clear();
  }

  void onActive(Owner owner) {
    sessions.values().forEach(session -> owner.attach(session, Optional.empty()));
  }

  void onStopped(Owner owner) {
    owners.remove(owner.range(), owner);
  }

  void onMessage(Session session, FromFe message) {
    if (message instanceof Hello hello) {
      onHello(session, hello);
    } else if (message instanceof Claim claim) {
      onClaim(session, claim);
    } else if (message instanceof ResyncRequested resync) {
      Owner owner = owners.get(resync.range());
      if (owner != null && owner.isActive()) {
        owner.lost(session);
      }
    }
  }

  void onEnded(Session session) {
    sessions.remove(session.element().fe(), session);
    List.copyOf(owners.values()).forEach(owner -> owner.detach(session));
  }

  private void onHello(Session session, Hello hello) {
    Session older = sessions.put(hello.fe(), session);
    session.toElement(new Welcome(id, List.of(), world.endpoints(), world.ranges()));
    for (Owner owner : List.copyOf(owners.values())) {
      if (owner.isActive()) {
        RangePosition reported =
            hello.positions().stream()
                .filter(position -> position.range().equals(owner.range()))
                .findFirst()
                .orElse(RangePosition.unknown(owner.range()));
        owner.attach(session, Optional.of(reported));
      }
    }
    if (older != null) {
      older.endAtController();
      older.cut(10);
    }
  }

  /** An owner here decides, even if the others believe that another controller owns the range. */
  private void onClaim(Session session, Claim claim) {
    RangeId range = world.rangeOf(claim.address());
    Consumer<FromController> answer = session::toElement;
    Owner.Waiting waiting = new Owner.Waiting(session.element().fe(), claim, answer);
    Owner here = owners.get(range);
    if (here != null) {
      here.register(waiting);
    } else {
      world.forward(this, range, waiting);
    }
  }
}
