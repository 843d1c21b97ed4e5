package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.Progress;
import io.sterna.loadgen.run.Machine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** One session of measuring: makes each experiment once, whoever asks for it. Not thread-safe. */
public final class Bench {
  private final BenchSettings settings;
  private final Progress progress;
  private final Map<Experiment<?>, Outcome> outcomes = new HashMap<>();

  private sealed interface Outcome {
    record Found(Object what) implements Outcome {}

    record Failed(LabException why) implements Outcome {}
  }

  /** Nothing has been measured yet. */
  public Bench(BenchSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  BenchSettings settings() {
    return settings;
  }

  Progress progress() {
    return progress;
  }

  /** What an experiment finds; the same again if it has been made already. */
  @SuppressWarnings("unchecked") // an experiment's own result is under its key
  <R> R once(Experiment<R> experiment) throws LabException {
    Outcome outcome = outcomes.get(experiment);
    if (outcome == null) {
      outcome = make(experiment);
      outcomes.put(experiment, outcome);
    }
    if (outcome instanceof Outcome.Failed failed) {
      throw new LabException(failed.why().getMessage(), failed.why());
    }
    return (R) ((Outcome.Found) outcome).what();
  }

  private Outcome make(Experiment<?> experiment) {
    try {
      return new Outcome.Found(experiment.run(this));
    } catch (LabException e) {
      return new Outcome.Failed(e);
    } catch (RuntimeException e) {
      // The figures after it are measured all the same.
      return new Outcome.Failed(new LabException(e.toString(), e));
    }
  }

  /** What is the same for all figures. */
  Map<String, Object> conditions() {
    Machine machine = Machine.local();
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("version", settings.version());
    conditions.put(
        "machine",
        "%d cores, %d MiB, %s, %s"
            .formatted(
                machine.cores(), machine.memoryMebibytes(), machine.kernel(), machine.java()));
    return conditions;
  }
}
