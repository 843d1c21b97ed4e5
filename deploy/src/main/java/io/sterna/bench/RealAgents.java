package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.protocol.FeId;
import java.util.ArrayList;
import java.util.List;

/** Some real forwarding elements beside a testbed. */
final class RealAgents implements AutoCloseable {
  private final List<RealAgent> agents = new ArrayList<>();

  private RealAgents() {}

  /**
   * Starts them and waits until they are in sync.
   *
   * @param first the place of the first in the controller's inventory, from 1
   * @throws LabException if one does not get in sync; then none is left
   */
  static RealAgents start(Testbed testbed, int first, int count) throws LabException {
    RealAgents agents = new RealAgents();
    try {
      for (int i = 0; i < count; i++) {
        agents.agents.add(RealAgent.start(testbed, first + i));
      }
      testbed.awaitInSync(agents.ids());
      return agents;
    } catch (LabException e) {
      agents.close();
      throw e;
    }
  }

  List<FeId> ids() {
    return agents.stream().map(RealAgent::id).toList();
  }

  List<RealAgent> all() {
    return List.copyOf(agents);
  }

  @Override
  public void close() throws LabException {
    LabException failure = null;
    for (RealAgent agent : agents) {
      try {
        agent.close();
      } catch (LabException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
