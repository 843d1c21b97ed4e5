package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.Map;

/**
 * A controller that holds many bindings, and an element that connects and knows none of them.
 *
 * @param bindings how many
 */
record FullTable(int bindings) implements Experiment<FullTable.Found> {
  private static final int BINDERS = 2;
  private static final int IN_FLIGHT = 8_000;

  /**
   * What was found.
   *
   * @param seconds until the element had all of them
   * @param heapBytesPerBinding live heap of the controller with all of them less that with none
   * @param conditions under which
   */
  record Found(double seconds, double heapBytesPerBinding, Map<String, Object> conditions) {}

  @Override
  public Found run(Bench bench) throws LabException {
    int window = LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT).window();
    TestbedPlan plan = new TestbedPlan(BINDERS + 1, bindings, window, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private Found run(Bench bench, Testbed testbed) throws LabException {
    LoadGenerator generator = new LoadGenerator(testbed, bench.progress());
    // Once through the code with hardly any binding: what is loaded and kept for good then is not
    // counted as the cost of a binding.
    generator.run(LoadPlan.bindOnly(BINDERS, BINDERS, IN_FLIGHT));
    long emptyBytes = LiveHeap.bytes(testbed.controllerPid());
    generator.run(LoadPlan.bindOnly(BINDERS, bindings, IN_FLIGHT));
    JsonNode synced = generator.sync(LoadPlan.bindOnly(BINDERS + 1, bindings, IN_FLIGHT));
    int heard = synced.path("bindings").asInt();
    if (heard != bindings) {
      throw new LabException("the element heard of %d of %d".formatted(heard, bindings));
    }
    long fullBytes = LiveHeap.bytes(testbed.controllerPid());
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.put("bindings", bindings);
    conditions.put("first_range_seconds", synced.path("firstRangeSeconds").asDouble());
    conditions.put("wire_bytes", synced.path("bytesIn").asLong());
    conditions.put("heap_bytes_empty", emptyBytes);
    conditions.put("heap_bytes_full", fullBytes);
    return new Found(
        synced.path("seconds").asDouble(Double.NaN),
        (fullBytes - emptyBytes) / (double) bindings,
        conditions);
  }
}
