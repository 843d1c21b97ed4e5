package io.sterna.cli;

import com.typesafe.config.ConfigException;
import io.sterna.agent.AgentSettings;
import io.sterna.agent.ForwardingElementAgent;
import io.sterna.controller.Controller;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.StartException;
import io.sterna.lab.Progress;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.store.cassandra.LocalCassandra;
import io.sterna.store.cassandra.NodeException;
import io.sterna.store.cassandra.NodeSettings;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The roles, in this process: checked first, then started, then kept until they end. */
final class RoleProcesses implements Roles {
  private static final String CONTROLLER = "sterna.controller";
  private static final String FORWARDING_ELEMENT = "sterna.fe";
  private static final List<String> LISTENERS = List.of("cluster", "southbound", "http");

  private final Terminal terminal;

  RoleProcesses(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void controller(Path config) throws ConfigFileException, OperationFailedException {
    ConfigFile file = ConfigFile.load(config, CONTROLLER);
    ControllerSettings settings = checkedController(file);
    RoleFile.checkPortsFree(file, LISTENERS);
    try {
      Controller controller = Controller.start(settings);
      String name = "controller " + settings.id();
      say(name + " runs; API at http://" + settings.http());
      Lifetime.of(name, controller).until(controller.whenTerminated());
    } catch (StartException e) {
      throw refused(file, e);
    }
  }

  @Override
  public void forwardingElement(Path config) throws ConfigFileException, OperationFailedException {
    ConfigFile file = ConfigFile.load(config, FORWARDING_ELEMENT);
    AgentSettings settings = checkedForwardingElement(file);
    String name = "forwarding element " + settings.id();
    try {
      ForwardingElementAgent agent = ForwardingElementAgent.start(settings);
      say(name + " runs");
      Lifetime.of(name, agent).until(agent.whenTerminated());
    } catch (IOException e) {
      String reason = FileReason.why(e);
      if (reason.startsWith("cannot enter network namespace ")) {
        throw file.complaint("data-plane.network-namespace", reason);
      }
      throw new OperationFailedException(name + ": " + reason, e);
    } catch (TlsFileException e) {
      throw file.complaint("tls", String.valueOf(e.getMessage()));
    } catch (ConfigException e) {
      throw file.complaint("id", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void cassandra(NodeSettings settings) throws OperationFailedException {
    try {
      LocalCassandra cassandra =
          LocalCassandra.start(
              settings, Distribution.cassandraLib(), new Progress(System.err)::waitingFor);
      say("Cassandra runs at " + cassandra.contactPoint());
      Lifetime.of("Cassandra", cassandra).until(cassandra.whenTerminated());
    } catch (NodeException e) {
      String reason = String.valueOf(e.getMessage());
      throw new OperationFailedException(reason.replaceFirst("^data-dir: ", "--data: "), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted while Cassandra started", e);
    }
  }

  @Override
  public String check(Path config) throws ConfigFileException {
    if (ConfigFile.holds(config, FORWARDING_ELEMENT)) {
      ConfigFile file = ConfigFile.load(config, FORWARDING_ELEMENT);
      return "forwarding element " + checkedForwardingElement(file).id();
    }
    ConfigFile file = ConfigFile.load(config, CONTROLLER);
    return "controller " + checkedController(file).id();
  }

  private static ControllerSettings checkedController(ConfigFile file) throws ConfigFileException {
    ControllerSettings settings = file.settings(ControllerSettings::from);
    RoleFile.checkIdentity(file, new PeerName.Controller(settings.id()).uri());
    try {
      Controller.checkFiles(settings);
    } catch (StartException e) {
      throw file.complaint(e.key(), String.valueOf(e.getMessage()));
    }
    return settings;
  }

  private static AgentSettings checkedForwardingElement(ConfigFile file)
      throws ConfigFileException {
    AgentSettings settings = file.settings(AgentSettings::from);
    RoleFile.checkIdentity(file, new PeerName.ForwardingElement(settings.id()).uri());
    return settings;
  }

  /** A store that is not there is nobody's mistake in the file; everything else is. */
  private static OperationFailedException refused(ConfigFile file, StartException e)
      throws ConfigFileException {
    String reason = String.valueOf(e.getMessage());
    if (e.key().startsWith("cassandra")) {
      return new OperationFailedException(
          file.file() + ": " + CONTROLLER + "." + e.key() + ": " + reason, e);
    }
    throw file.complaint(e.key(), reason);
  }

  private void say(String line) {
    terminal.err().println(line);
    terminal.err().flush();
  }
}
