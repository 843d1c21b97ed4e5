package io.sterna.monitoring.matrix;

import io.sterna.monitoring.report.AddressPair;

/** How much one pair sends, in its direction. */
public record PairRate(AddressPair pair, Rate rate) {}
