package io.sterna.monitoring.flow;

import io.sterna.protocol.IpAddress;

/**
 * What an exporter says of one flow, or of a sample of many.
 *
 * @param source who sent
 * @param destination to whom
 * @param bytes of IP packets, their IP headers included
 * @param packets how many
 */
public record FlowRecord(IpAddress source, IpAddress destination, long bytes, long packets) {}
