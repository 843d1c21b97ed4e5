package io.sterna.controller.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sterna.protocol.Binding;
import io.sterna.store.audit.RestorePlan.Step;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the HTTP API is asked and shows of bringing back the past: a JSON object a line. */
final class RestoreModel {
  private RestoreModel() {}

  /**
   * What is asked.
   *
   * @param dryRun null = true: show only
   * @param plan what a dry run gave; with {@code dryRun: false}
   */
  record RestoreRequest(
      @Nullable String at,
      @Nullable String prefix,
      @Nullable Boolean dryRun,
      @Nullable String plan,
      @Nullable String why) {}

  record Place(String fe, String mac) {}

  /**
   * A change that would be made.
   *
   * @param from null = the address is attached nowhere
   * @param to null = it is to be attached nowhere
   * @param expectedVersion on which it is made: refused if the address has another by then
   */
  record ChangeView(
      String address,
      String range,
      @Nullable Place from,
      @Nullable Place to,
      long expectedVersion) {}

  /** The last line of a dry run. */
  record PlanView(String at, @Nullable String prefix, long changes, String plan) {}

  /**
   * What became of a change.
   *
   * @param outcome made, already (it was so) or refused
   * @param version of the address now
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OutcomeView(
      String address, String range, String outcome, @Nullable String reason, long version) {}

  /**
   * A range of which nothing was changed.
   *
   * @param reason why, in a word: not-as-shown, unavailable or broken-record
   * @param message more of it, if there is more
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RangeRefusedView(
      String range, String outcome, String reason, @Nullable String message, long changes) {}

  /** The last line of what was made. */
  record SumView(String at, long changes, long made, long already, Map<String, Long> refused) {}

  /** The last line if it could not go on. */
  record FailureView(Answers.ApiError error) {}

  static ChangeView change(Step step, String range) {
    return new ChangeView(
        step.address().toString(), range, place(step.now()), place(step.then()), step.version());
  }

  private static @Nullable Place place(@Nullable Binding binding) {
    return binding == null ? null : new Place(binding.fe().value(), binding.mac().toString());
  }
}
