package io.sterna.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CassandraWaitTest {
  @Test
  void whatIsWaitedForIsSaidNowAndThenWithItsKey() {
    List<String> said = new ArrayList<>();
    CassandraWait wait =
        new CassandraWait(List.of("127.0.0.1:9999"), Duration.ofMillis(20), said::add);
    StartException end =
        assertThrows(
            StartException.class,
            () -> wait.until(new CompletableFuture<>(), Duration.ofMillis(60)));
    assertEquals("cassandra.contact-points", end.key());
    assertEquals(3, said.size());
    assertEquals(
        "waiting for Cassandra at [127.0.0.1:9999] (sterna.controller.cassandra.contact-points),"
            + " for 0 of 0 s",
        said.get(0));
  }
}
