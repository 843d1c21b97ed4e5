package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LostOutputTest {
  @Test
  void aResultThatCannotBeWrittenIsAFailureOfWhateverCommand() {
    for (String line : List.of("--help", "--version", "vm --help", "lab fault --list")) {
      StringWriter err = new StringWriter();
      assertEquals(1, run("No space left on device", err, line.split(" ", -1)), line);
      assertEquals("sterna: standard output: cannot be written\n", err.toString(), line);
    }
  }

  @Test
  void whoClosesAPipeHasReadEnough() {
    StringWriter err = new StringWriter();
    assertEquals(0, run("Broken pipe", err, "--help"));
    assertEquals("", err.toString());
  }

  @Test
  void badUsageStaysBadUsage() {
    StringWriter err = new StringWriter();
    assertEquals(2, run("No space left on device", err, "fly"));
  }

  private static int run(String failure, StringWriter err, String... arguments) {
    Terminal terminal = Terminal.of(new Full(failure), new PrintWriter(err, true));
    return Sterna.commandLine(terminal, new RoleProcesses(terminal)).execute(arguments);
  }

  private static final class Full extends OutputStream {
    private final String failure;

    Full(String failure) {
      this.failure = failure;
    }

    @Override
    public void write(int one) throws IOException {
      throw new IOException(failure);
    }
  }
}
