package io.sterna.controller.relocation.search;

import io.sterna.controller.relocation.model.Scenario;

/** The flows that each endpoint sends or receives. */
final class FlowIndex {
  private final int[] start;
  private final int[] flows;

  FlowIndex(Scenario scenario) {
    start = new int[scenario.endpoints().size() + 1];
    for (int flow = 0; flow < scenario.flows(); flow++) {
      start[scenario.source(flow) + 1]++;
      start[scenario.destination(flow) + 1]++;
    }
    for (int i = 1; i < start.length; i++) {
      start[i] += start[i - 1];
    }
    int[] next = start.clone();
    flows = new int[2 * scenario.flows()];
    for (int flow = 0; flow < scenario.flows(); flow++) {
      flows[next[scenario.source(flow)]++] = flow;
      flows[next[scenario.destination(flow)]++] = flow;
    }
  }

  int start(int endpoint) {
    return start[endpoint];
  }

  int end(int endpoint) {
    return start[endpoint + 1];
  }

  int flow(int place) {
    return flows[place];
  }
}
