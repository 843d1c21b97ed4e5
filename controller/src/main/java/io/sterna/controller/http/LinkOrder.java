package io.sterna.controller.http;

import io.sterna.controller.http.TrafficModel.LinkView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** In which order links are shown. */
enum LinkOrder implements Comparator<LinkView> {
  /** What is sent between the sites, most first. */
  MBPS(Comparator.comparingDouble((LinkView each) -> -each.mbps())),
  /** The most loaded first; those without capacity last. */
  LOAD(Comparator.comparingDouble((LinkView each) -> each.load() == null ? 1 : -each.load())),
  /** By the names of the sites. */
  NAME(Comparator.comparingInt((LinkView each) -> 0));

  private final Comparator<LinkView> order;

  LinkOrder(Comparator<LinkView> first) {
    this.order = first.thenComparing(LinkView::from).thenComparing(LinkView::to);
  }

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

  @Override
  public int compare(LinkView one, LinkView other) {
    return order.compare(one, other);
  }
}
