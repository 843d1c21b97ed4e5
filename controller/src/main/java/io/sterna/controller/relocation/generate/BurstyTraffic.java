package io.sterna.controller.relocation.generate;

import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.relocation.model.Scenario;
import java.util.SplittableRandom;

/**
 * Steady traffic as a traffic matrix shows it: each rate goes up and down about its mean,
 * lognormal, and what it was a moment ago fades with the memory of the matrix. Not thread-safe.
 */
public final class BurstyTraffic {
  private final Scenario base;
  private final SplittableRandom random;
  private final double sigma;
  private final double kept;
  private final double[] noise;

  /**
   * Begins anywhere.
   *
   * @param base the means
   * @param sigma of the logarithm of a rate
   * @param looksPerMemory the time between two looks, by the time constant of the matrix
   * @param seed of the chance
   */
  public BurstyTraffic(Scenario base, double sigma, double looksPerMemory, long seed) {
    this.base = base;
    this.sigma = sigma;
    random = new SplittableRandom(seed);
    kept = Math.exp(-looksPerMemory);
    noise = new double[base.flows()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
  }

  /** What the next look shows. */
  public Scenario next() {
    Scenario.Builder builder = Scenario.builder(base.network());
    base.endpoints().forEach(builder::add);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = kept * noise[i] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
      double factor = Math.exp(sigma * noise[i] - sigma * sigma / 2);
      builder.flow(base.source(i), base.destination(i), base.rateMbps(i) * factor);
    }
    try {
      return builder.build();
    } catch (OverfullException e) {
      throw new IllegalStateException(e);
    }
  }
}
