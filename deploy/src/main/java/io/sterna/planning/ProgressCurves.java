package io.sterna.planning;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.generate.GeneratedScenario;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How the cost falls, migration by migration: figures 5.3 to 5.5 of 'Adaptive Cloud', for its
 * algorithm and for ours.
 */
public final class ProgressCurves {
  private static final List<Algorithm> SHOWN = List.of(Algorithm.ALGORITHM1, Algorithm.STERNA);
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;

  /** Of a curve that is drawn; the file of numbers has all. */
  private static final int POINTS_MAX = 300;

  private ProgressCurves() {}

  /** What is written for so many VMs. */
  public static Stream<String> files(int vms) {
    return Stream.of(name(vms) + ".csv", name(vms) + ".svg");
  }

  private static String name(int vms) {
    return "progress-" + vms;
  }

  /**
   * Plans for a scenario, and writes {@code progress-VMS.csv} and {@code progress-VMS.svg}.
   *
   * @return what each algorithm came to
   */
  public static Map<Algorithm, Plan> write(GeneratedScenario generated, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Scenario scenario = generated.make();
    Map<Algorithm, Plan> plans = new EnumMap<>(Algorithm.class);
    for (Algorithm each : SHOWN) {
      plans.put(each, Planner.standard().with(each).plan(scenario));
    }
    String name = name(generated.vms());
    try (CsvWriter csv = ScenarioFolder.writer(folder.resolve(name + ".csv"))) {
      csv.writeRecord("algorithm", "step", "cost");
      for (Map.Entry<Algorithm, Plan> each : plans.entrySet()) {
        String algorithm = each.getKey().toString();
        csv.writeRecord(algorithm, "0", String.valueOf(each.getValue().costBefore()));
        int number = 0;
        for (Step step : each.getValue().steps()) {
          csv.writeRecord(algorithm, String.valueOf(++number), String.valueOf(step.costAfter()));
        }
      }
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("%d VMs, %d data centers".formatted(generated.vms(), generated.sites()))
            .xAxisTitle("migrations")
            .yAxisTitle("mean load factor of the links")
            .build();
    chart.getStyler().setYAxisMin(0.0);
    plans.forEach((algorithm, plan) -> draw(chart, algorithm.toString(), plan));
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, folder.resolve(name + ".svg").toString(), VectorGraphicsFormat.SVG);
    return plans;
  }

  private static void draw(XYChart chart, String name, Plan plan) {
    List<Double> steps = new ArrayList<>(List.of(0.0));
    List<Double> costs = new ArrayList<>(List.of(plan.costBefore()));
    int size = plan.steps().size();
    int every = Math.max(1, size / POINTS_MAX);
    for (int i = 0; i < size; i++) {
      if ((i + 1) % every == 0 || i == size - 1) {
        steps.add(i + 1.0);
        costs.add(plan.steps().get(i).costAfter());
      }
    }
    chart.addSeries(name, steps, costs).setMarker(SeriesMarkers.NONE);
  }
}
