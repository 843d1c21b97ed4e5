package io.sterna.controller.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BindingTableTest {
  private static final int PAGE = 7;

  private record Step(boolean put, Binding binding) {}

  /** A sorted map of objects is what it must be like. */
  @Property(tries = 500)
  void itHoldsWhatASortedMapHolds(@ForAll("steps") List<Step> steps) {
    BindingTable table = new BindingTable();
    TreeMap<IpAddress, Binding> reference = new TreeMap<>();
    for (Step step : steps) {
      IpAddress address = step.binding().address();
      if (step.put()) {
        assertEquals(reference.put(address, step.binding()), table.put(step.binding()));
      } else {
        assertEquals(reference.remove(address), table.remove(address));
        assertNull(table.get(address));
      }
      assertEquals(reference.size(), table.size());
    }
    reference.forEach((address, binding) -> assertEquals(binding, table.get(address)));
    assertEquals(List.copyOf(reference.values()), table.page(null, Integer.MAX_VALUE, all -> true));
    assertEquals(List.copyOf(reference.values()), inPages(table));
    List<Binding> old =
        reference.values().stream().filter(b -> b.version() < 9).limit(PAGE).toList();
    assertEquals(old, table.page(null, PAGE, binding -> binding.version() < 9));
  }

  private static List<Binding> inPages(BindingTable table) {
    List<Binding> all = new ArrayList<>();
    List<Binding> page = table.page(null, PAGE, each -> true);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = table.page(page.get(page.size() - 1).address(), PAGE, each -> true);
    }
    return all;
  }

  /** Addresses of both families, few enough to collide, to be replaced and to be removed again. */
  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<IpAddress> addresses =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 60).map(IpAddress::ofV4),
            Combinators.combine(
                    Arbitraries.longs().between(-1, 1), Arbitraries.longs().between(-9, 9))
                .as(IpAddress::new));
    Arbitrary<Binding> bindings =
        Combinators.combine(
                addresses,
                Arbitraries.integers().between(1, 5),
                Arbitraries.longs().between(0, (1L << 48) - 1),
                Arbitraries.oneOf(
                    Arbitraries.longs().between(1, 20),
                    Arbitraries.longs().between(1, Long.MAX_VALUE)))
            .as(
                (address, fe, mac, version) ->
                    new Binding(address, new FeId("fe" + fe), new MacAddress(mac), version));
    return Combinators.combine(Arbitraries.of(true, true, true, false), bindings)
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }
}
