package io.sterna.planning;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.sterna.controller.relocation.online.SunnyDay;
import io.sterna.controller.relocation.online.SunnyDay.Hour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A day of following the sun, hour by hour. */
public final class SunCurves {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final String NAME = "follow-the-sun";

  /** What is written. */
  public static final List<String> FILES = List.of(NAME + ".csv", NAME + ".svg");

  private SunCurves() {}

  /** Writes {@code follow-the-sun.csv} and {@code follow-the-sun.svg}. */
  public static void write(SunnyDay day, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (CsvWriter csv = ScenarioFolder.writer(folder.resolve(NAME + ".csv"))) {
      csv.writeRecord("hour_utc", "rtt_ms_followed", "rtt_ms_stayed", "rtt_ms_best", "moves");
      for (Hour each : day.hours()) {
        csv.writeRecord(
            String.valueOf(each.hour()),
            String.valueOf(each.followed()),
            String.valueOf(each.stayed()),
            String.valueOf(each.best()),
            String.valueOf(each.moves()));
      }
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("follow the sun")
            .xAxisTitle("hour (UTC)")
            .yAxisTitle("mean RTT of the traffic, ms")
            .build();
    chart.getStyler().setYAxisMin(0.0);
    draw(chart, "stayed", day.hours(), Hour::stayed);
    draw(chart, "followed", day.hours(), Hour::followed);
    draw(chart, "always best", day.hours(), Hour::best);
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, folder.resolve(NAME + ".svg").toString(), VectorGraphicsFormat.SVG);
  }

  private static void draw(
      XYChart chart, String name, List<Hour> hours, ToDoubleFunction<Hour> value) {
    double[] x = hours.stream().mapToDouble(Hour::hour).toArray();
    double[] y = hours.stream().mapToDouble(value).toArray();
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
  }
}
