package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.process.LabProcess;
import io.sterna.lab.topology.Prerequisites;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real forwarding element beside a testbed: a process, and a kernel table in a namespace. */
final class RealAgent implements AutoCloseable {
  private final Testbed testbed;
  private final FeId id;
  private final KernelSite site;
  private final LabProcess process;

  private RealAgent(Testbed testbed, FeId id, KernelSite site, LabProcess process) {
    this.testbed = testbed;
    this.id = id;
    this.site = site;
    this.process = process;
  }

  /**
   * @throws LabException that says what this machine lacks for one
   */
  static void checkPossible() throws LabException {
    List<String> missing = Prerequisites.missing();
    if (!missing.isEmpty()) {
      throw new LabException("no network namespaces: " + String.join("; ", missing));
    }
  }

  /**
   * Makes its namespace and starts it; it need not be connected yet.
   *
   * @param number its place in the controller's inventory, from 1
   * @throws LabException if it cannot be started; then nothing is left
   */
  static RealAgent start(Testbed testbed, int number) throws LabException {
    FeId id = new FeId("fe" + number);
    KernelSite site = KernelSite.make(id, testbed.plan().underlay(number));
    try {
      Path config = testbed.path(id + ".conf");
      Files.writeString(config, site.agentFile(id, testbed.southbound()));
      List<String> arguments = List.of("fe", "--config", config.toString());
      LabProcess process =
          testbed.processes().start(id.value(), testbed.path(id + ".log"), arguments);
      return new RealAgent(testbed, id, site, process);
    } catch (IOException e) {
      site.close();
      throw new LabException("cannot write the element's configuration: " + e, e);
    } catch (LabException e) {
      site.close();
      throw e;
    }
  }

  FeId id() {
    return id;
  }

  /** Where its kernel table is. */
  KernelSite site() {
    return site;
  }

  /** Stops it in the midst of what it does (SIGSTOP): it says and hears nothing. */
  void pause() throws LabException {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  void resume() throws LabException {
    signal("CONT");
  }

  private void signal(String name) throws LabException {
    Tool.output(List.of("sh", "-c", "kill -" + name + " " + process.pid()));
  }

  /**
   * Compares its kernel table with all bindings; both are at rest.
   *
   * @return how many routes there are
   * @throws LabException if a binding has no route or one to elsewhere, or a route no binding
   */
  int checkTable(Map<IpAddress, Attachment> bindings) throws LabException {
    List<String> routes = site.routes();
    Optional<String> problem = RouteTable.problem(routes, bindings, testbed.plan()::underlay);
    if (problem.isPresent()) {
      throw new LabException("the kernel table of " + id + " is wrong: " + problem.get());
    }
    return routes.size();
  }

  @Override
  public void close() throws LabException {
    UnwindOnExit.uninterrupted(
        () -> {
          if (process.running().isPresent()) {
            testbed.processes().stop(id.value());
          }
          site.close();
        });
  }
}
