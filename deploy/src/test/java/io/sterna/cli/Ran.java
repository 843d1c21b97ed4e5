package io.sterna.cli;

import io.sterna.store.cassandra.NodeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one run of the command did. */
public record Ran(int status, String out, String err, List<String> started) {
  public static Ran sterna(String... arguments) {
    List<String> started = new ArrayList<>();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true));
    int status = Sterna.commandLine(terminal, new Recorded(started)).execute(arguments);
    return new Ran(status, out.toString(), err.toString(), started);
  }

  private record Recorded(List<String> started) implements Roles {
    @Override
    public void controller(Path config) {
      started.add("controller " + config);
    }

    @Override
    public void forwardingElement(Path config) {
      started.add("fe " + config);
    }

    @Override
    public void cassandra(NodeSettings node) {
      started.add(
          "cassandra "
              + node.dataDir().getFileName()
              + " "
              + node.cqlPort()
              + " "
              + node.commitLogSync());
    }

    @Override
    public String check(Path config) {
      return "checked";
    }
  }
}
