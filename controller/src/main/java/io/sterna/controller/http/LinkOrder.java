package io.sterna.controller.http;

import io.sterna.controller.http.TrafficModel.LinkView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** In which order links are shown. */
enum LinkOrder {
  /** What is sent between the sites, most first. */
  MBPS,
  /** The most loaded first; those without capacity last. */
  LOAD,
  /** By the names of the sites. */
  NAME;

  /**
   * @throws IllegalArgumentException that says what there is
   */
  static LinkOrder parse(String text) {
    return Arrays.stream(values())
        .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("sort '" + text + "' is none of mbps, load, name"));
  }

  /** Of equals, by the names of the sites. */
  Comparator<LinkView> comparator() {
    Comparator<LinkView> byName = Comparator.comparing(LinkView::from).thenComparing(LinkView::to);
    return switch (this) {
      case MBPS ->
          Comparator.comparingDouble((LinkView each) -> -each.mbps()).thenComparing(byName);
      case LOAD -> Comparator.comparingDouble(LinkOrder::leastLoad).thenComparing(byName);
      case NAME -> byName;
    };
  }

  private static double leastLoad(LinkView link) {
    Double load = link.load();
    return load == null ? 1 : -load;
  }
}
