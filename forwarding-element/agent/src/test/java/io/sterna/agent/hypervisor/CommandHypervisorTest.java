package io.sterna.agent.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.hypervisor.Hypervisor.Inventory;
import io.sterna.agent.hypervisor.Hypervisor.Progress;
import io.sterna.agent.hypervisor.Hypervisor.RunningVm;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real commands: shell scripts. */
class CommandHypervisorTest {
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final Migration MIGRATION =
      new Migration(new OperationId("p1-1"), VM, new FeId("fe1"), new FeId("fe2"));

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private CommandHypervisor running(String script) throws IOException {
    return running(script, Duration.ofSeconds(60));
  }

  private CommandHypervisor running(String script, Duration timeout) throws IOException {
    Path file = folder.resolve("hypervisor.sh");
    Files.writeString(file, script);
    return new CommandHypervisor(
        List.of("/bin/sh", file.toString(), folder.toString()), timeout, timeout);
  }

  private String heard() throws IOException {
    return Files.readString(folder.resolve("heard"));
  }

  @Test
  void aMoveIsToldAsItGoes() throws Exception {
    CommandHypervisor hypervisor =
        running(
            """
            echo "$2" > "$1/heard"; cat >> "$1/heard"
            echo '{"state":"copying","done":5,"total":9}'
            echo '{"state":"copying"}'
            echo '{"state":"paused"}'
            """);
    List<String> told = new ArrayList<>();
    hypervisor.move(
        MIGRATION,
        "tcp:fe2:49152",
        new Progress() {
          @Override
          public void copying(long doneBytes, long totalBytes) {
            told.add(doneBytes + "/" + totalBytes);
          }

          @Override
          public void paused() {
            told.add("paused");
          }
        });
    assertEquals(List.of("5/9", "0/0", "paused"), told);
    assertTrue(heard().startsWith("move\n{"), heard());
    for (String part :
        List.of(
            "\"operation\":\"move\"",
            "\"id\":\"p1-1\"",
            "\"vm\":\"10.10.1.11\"",
            "\"from\":\"fe1\"",
            "\"to\":\"fe2\"",
            "\"endpoint\":\"tcp:fe2:49152\"")) {
      assertTrue(heard().contains(part), heard());
    }
  }

  @Test
  void answersAreRead() throws Exception {
    assertEquals("here", running("echo '{\"endpoint\":\"here\"}'").prepare(MIGRATION));
    assertTrue(running("echo '{\"running\":true}'").complete(MIGRATION));
    assertFalse(running("echo '{\"running\":false}'").cancel(MIGRATION));
    running("cat > /dev/null").start(VM);
    running("exec <&-").stop(VM);
    assertEquals(
        new Inventory(List.of(new RunningVm(VM, 2048, 1.5)), 20, 65_536),
        running(
                "echo '{\"vms\":[{\"address\":\"10.10.1.11\",\"memory_mib\":2048,\"dirty_mbps\":1.5}],"
                    + "\"vm_capacity\":20,\"memory_capacity_mib\":65536}'")
            .report());
  }

  @Test
  void aFailureSaysWhy() throws Exception {
    CommandHypervisor refusing = running("echo first >&2; echo 'no room' >&2; exit 3");
    assertEquals("prepare: no room", reasonOf(() -> refusing.prepare(MIGRATION)));
    CommandHypervisor silent = running("exit 3");
    assertEquals("start: exit 3", reasonOf(() -> silent.start(VM)));
    CommandHypervisor babbling = running("echo yes");
    assertTrue(reasonOf(() -> babbling.complete(MIGRATION)).startsWith("complete: "));
    CommandHypervisor mute = running("");
    assertTrue(reasonOf(() -> mute.complete(MIGRATION)).startsWith("complete: "));
    CommandHypervisor missing =
        new CommandHypervisor(List.of("/no/such"), Duration.ofSeconds(9), Duration.ofSeconds(9));
    assertTrue(reasonOf(() -> missing.start(VM)).startsWith("start: "));
  }

  @Test
  void whatTakesTooLongIsKilledWithItsChildren() throws Exception {
    CommandHypervisor hanging =
        running("sleep 1234 & echo $! > \"$1/child\"; wait", Duration.ofSeconds(3));
    assertEquals("start: did not end within 3 s", reasonOf(() -> hanging.start(VM)));
    long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (ProcessHandle.of(child).filter(ProcessHandle::isAlive).isPresent()) {
      assertTrue(System.nanoTime() < deadline, "the child lives on");
      Thread.onSpinWait();
    }
  }

  private interface Call {
    void run() throws HypervisorException, InterruptedException;
  }

  private static String reasonOf(Call call) {
    return String.valueOf(assertThrows(HypervisorException.class, call::run).getMessage());
  }
}
