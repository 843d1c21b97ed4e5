package io.sterna.controller.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.traffic.LinkLoads.LinkLoad;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.protocol.SiteId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LinkLoadsTest {
  private static final SiteId A = new SiteId("a");
  private static final SiteId B = new SiteId("b");
  private static final SiteId C = new SiteId("c");
  private static final Rate ONE_MBPS = new Rate(125_000, 100, 0);

  /** From a to c there is no link: it goes by b. */
  private static final Network NETWORK =
      new Network(
          List.of(site(A), site(B), site(C)),
          List.of(new Link(A, B, 100, 5, 0), new Link(B, C, 10, 5, 0), new Link(C, A, 50, 5, 0)));

  @Test
  void whatPassesCountsAtEachLinkOfThePath() {
    List<LinkLoad> loads =
        LinkLoads.of(
            Map.of(
                new SiteLink(A, C), ONE_MBPS,
                new SiteLink(A, B), ONE_MBPS,
                new SiteLink(new SiteId("x"), A), ONE_MBPS),
            Optional.of(NETWORK));
    assertEquals(
        List.of("a>b", "a>c", "b>c", "c>a", "x>a"), loads.stream().map(this::name).toList());
    check(loads.get(0), 1, OptionalDouble.of(2), OptionalDouble.of(0.02));
    check(loads.get(1), 1, OptionalDouble.empty(), OptionalDouble.empty());
    check(loads.get(2), 0, OptionalDouble.of(1), OptionalDouble.of(0.1));
    check(loads.get(3), 0, OptionalDouble.of(0), OptionalDouble.of(0));
    check(loads.get(4), 1, OptionalDouble.empty(), OptionalDouble.empty());
  }

  @Test
  void withoutANetworkThereIsWhatSitesSend() {
    List<LinkLoad> loads = LinkLoads.of(Map.of(new SiteLink(A, C), ONE_MBPS), Optional.empty());
    assertEquals(1, loads.size());
    check(loads.get(0), 1, OptionalDouble.empty(), OptionalDouble.empty());
  }

  private String name(LinkLoad load) {
    return load.between().from() + ">" + load.between().to();
  }

  private static void check(
      LinkLoad load, double mbps, OptionalDouble carried, OptionalDouble share) {
    assertEquals(mbps, LinkLoads.mbps(load.rate()), 1e-9);
    assertEquals(carried, load.carriedMbps());
    assertEquals(share, load.share());
  }

  private static Site site(SiteId id) {
    return new Site(id, 0, 0, 10, Site.ANY_MEMORY, 0);
  }
}
