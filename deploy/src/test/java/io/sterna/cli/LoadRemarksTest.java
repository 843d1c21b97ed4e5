package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadRemarksTest {
  @Test
  void aLoadAsItWasAskedForNeedsNone() throws JsonProcessingException {
    assertEquals(
        List.of(),
        remarks(
            """
            {"interrupted": false, "acceptedPerSecond": 97.0, "measuredSeconds": 30,
             "scenario": {"arrivalRatePerSecond": 100},
             "counts": {"refused": {"DAMPED": 0, "STALE": 3}}}
            """));
    assertEquals(
        List.of(),
        remarks(
            """
            {"interrupted": false, "acceptedPerSecond": 9, "measuredSeconds": 30,
             "scenario": {"arrivalRatePerSecond": "max"}}
            """));
    assertEquals(
        List.of(),
        remarks(
            """
            {"acceptedPerSecond": 0.8, "measuredSeconds": 30,
             "scenario": {"arrivalRatePerSecond": 1}}
            """));
  }

  @Test
  void whatIsOtherThanAskedForIsSaid() throws JsonProcessingException {
    assertEquals(
        List.of(
            "interrupted: measured for less time than the scenario says",
            "100 changes/s were asked for, 35 were accepted",
            "101341 claims were refused as DAMPED: policy.damping lets an address move only so often",
            "2 claims were refused as RATE_LIMITED: policy.claims-per-second lets an element claim so often",
            "the element that stalled caught up in 185 ms"),
        remarks(
            """
            {"interrupted": true, "acceptedPerSecond": 35.2, "measuredSeconds": 30,
             "scenario": {"arrivalRatePerSecond": 100},
             "stall": {"caughtUpMs": 185.2},
             "counts": {"refused": {"DAMPED": 101341, "RATE_LIMITED": 2}}}
            """));
    assertEquals(
        List.of("interrupted: measured for less time than the scenario says"),
        remarks("{\"interrupted\": true, \"stall\": {\"caughtUpMs\": -1}}"));
    assertEquals(
        List.of("the element that stalled never caught up"),
        remarks("{\"stall\": {\"caughtUpMs\": -1}}"));
  }

  private static List<String> remarks(String document) throws JsonProcessingException {
    return LoadRemarks.of(Json.MAPPER.readTree(document));
  }
}
