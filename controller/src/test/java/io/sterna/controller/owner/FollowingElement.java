package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.CatchUpDue;
import io.sterna.controller.southbound.SessionCommand.CatchUpFrames;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.controller.southbound.SessionCommand.FeedFrames;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An element that accepts only what continues where it is, as the real one does. */
final class FollowingElement {
  private final ActorRef<RangeCommand> range;
  private final FeId fe;
  private final TestProbe<SessionCommand> probe;
  RangePosition position;

  FollowingElement(
      ActorRef<RangeCommand> range, RangeId id, FeId fe, TestProbe<SessionCommand> probe) {
    this.range = range;
    this.fe = fe;
    this.position = RangePosition.unknown(id);
    this.probe = probe;
  }

  /** Whatever it is fed next; a snapshot as soon as one is due. */
  SouthboundMessage follow() {
    SessionCommand next = probe.receiveMessage();
    while (next instanceof CatchUpDue) {
      range.tell(new RangeCommand.FeCatchesUp(fe, probe.getRef()));
      next = probe.receiveMessage();
    }
    List<SouthboundMessage> fed =
        next instanceof CatchUpFrames snapshot
            ? messages(snapshot.frames())
            : messages(((FeedFrames) next).frames());
    fed.forEach(this::accept);
    return fed.get(fed.size() - 1);
  }

  private void accept(SouthboundMessage message) {
    if (message instanceof Delta delta) {
      assertEquals(position.revision(), delta.fromRevision());
      assertEquals(position.hash(), delta.fromHash());
      assertTrue(delta.position().epoch() >= position.epoch());
      position = delta.position();
    } else if (message instanceof Snapshot snapshot) {
      position = snapshot.position();
    }
  }

  /** Exactly so many answers, however they are put together; changes they come with come next. */
  static List<FromController> answers(TestProbe<SessionCommand> element, int count) {
    List<FromController> answers = new ArrayList<>();
    List<FeedFrames> changes = new ArrayList<>();
    while (answers.size() < count) {
      SessionCommand told = element.receiveMessage();
      if (told instanceof FeedFrames fed) {
        assertFalse(fed.answers().isEmpty(), "fed before it was answered");
        answers.addAll(fed.answers());
        changes.add(new FeedFrames(fed.range(), fed.owner(), fed.frames(), List.of()));
      } else {
        answers.addAll(((ClaimsAnswered) told).answers());
      }
    }
    assertEquals(count, answers.size());
    changes.forEach(element.getRef()::tell);
    return answers;
  }

  static List<SouthboundMessage> messages(ByteString frames) {
    List<SouthboundMessage> messages = new ArrayList<>();
    ByteString rest = frames;
    while (!rest.isEmpty()) {
      int length = ByteBuffer.wrap(rest.take(4).toArray()).getInt();
      try {
        messages.add(WireCodec.decodeBody(rest.slice(4, 4 + length).toArray()));
      } catch (MalformedFrameException e) {
        throw new AssertionError(e);
      }
      rest = rest.drop(4 + length);
    }
    return messages;
  }
}
