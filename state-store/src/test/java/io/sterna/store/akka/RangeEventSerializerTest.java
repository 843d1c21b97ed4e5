package io.sterna.store.akka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.SerializationTestKit;
import akka.serialization.SerializationExtension;
import com.typesafe.config.ConfigFactory;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.codec.Rows;
import java.io.NotSerializableException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RangeEventSerializerTest {
  private static final ActorTestKit KIT = ActorTestKit.create("serializer", ConfigFactory.load());

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void rowsAndSnapshotsAreBoundToIt() {
    SerializationTestKit serialization = new SerializationTestKit(KIT.system());
    for (Object value : List.of(Rows.ACTIVATED, Rows.COMMITTED, Rows.SNAPSHOT)) {
      assertEquals(value, serialization.verifySerialization(value, true));
    }
  }

  @Test
  void identifierAndManifestsNeverChange() throws NotSerializableException {
    RangeEventSerializer serializer = serializer();
    assertEquals(7_831_001, serializer.identifier());
    assertEquals("row", serializer.manifest(Rows.ACTIVATED));
    assertEquals("row", serializer.manifest(Rows.COMMITTED));
    assertEquals("snap", serializer.manifest(Rows.SNAPSHOT));
  }

  @Test
  void unknownThingsAreRefused() {
    RangeEventSerializer serializer = serializer();
    assertThrows(IllegalArgumentException.class, () -> serializer.toBinary("text"));
    assertThrows(IllegalArgumentException.class, () -> serializer.manifest("text"));
    NotSerializableException manifest =
        assertThrows(
            NotSerializableException.class, () -> serializer.fromBinary(new byte[0], "nonsense"));
    assertEquals("unknown manifest 'nonsense'", manifest.getMessage());
    NotSerializableException bytes =
        assertThrows(
            NotSerializableException.class, () -> serializer.fromBinary(new byte[0], "row"));
    assertEquals("record ends after 0 bytes", bytes.getMessage());
    assertInstanceOf(MalformedRecordException.class, bytes.getCause());
  }

  private static RangeEventSerializer serializer() {
    return (RangeEventSerializer)
        SerializationExtension.get(KIT.system()).findSerializerFor(Rows.ACTIVATED);
  }
}
