package io.sterna.monitoring.flow;

import java.util.List;

/**
 * One message of an exporter.
 *
 * @param flows what it says
 * @param lost messages or records before it that never arrived
 * @param unusable records that say nothing of pairs, or whose template is not known yet
 */
public record Exported(List<FlowRecord> flows, long lost, long unusable) {}
