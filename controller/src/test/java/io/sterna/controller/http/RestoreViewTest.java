package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.controller.audit.RestoreTicket;
import io.sterna.controller.http.RestoreModel.OutcomeView;
import io.sterna.controller.http.RestoreModel.RangeRefusedView;
import io.sterna.store.archive.ArchiveException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RestoreViewTest {
  private static final String RANGE = "10.10.0.0/20";

  @Test
  void whatWasRefusedIsCountedByKind() {
    RestoreView.Sum sum = new RestoreView.Sum();
    sum.count(new RangeRefusedView(RANGE, "refused", "not-as-shown", null, 3));
    sum.count(new RangeRefusedView(RANGE, "refused", "unavailable", "no answer", 4));
    sum.count(new RangeRefusedView(RANGE, "refused", "broken-record", "row 7 is gone", 5));
    sum.count(new OutcomeView("10.10.1.11", RANGE, "refused", "unavailable", 2));
    sum.count(new OutcomeView("10.10.1.12", RANGE, "made", null, 2));
    assertEquals(
        Map.of("not-as-shown", 3L, "unavailable", 5L, "broken-record", 5L),
        sum.view(new RestoreTicket(1, Optional.empty(), List.of())).refused());
  }

  @Test
  void onlyABrokenRecordStaysBroken() {
    assertEquals(
        "broken-record",
        RestoreView.reason(new CompletionException(new ArchiveException("a.rows", "is gone"))));
    assertEquals("unavailable", RestoreView.reason(new IllegalStateException("no session")));
  }
}
