package io.sterna.agent.link;

import io.sterna.agent.telemetry.TelemetrySettings;
import io.sterna.agent.telemetry.TrafficSource;

/**
 * What is counted here and how it is reported.
 *
 * @param source closed when the link ends
 * @param incarnation differs from those of earlier runs of this element
 */
public record CountedTraffic(TelemetrySettings settings, TrafficSource source, long incarnation) {}
