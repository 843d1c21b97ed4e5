package io.sterna.monitoring.matrix;

import io.sterna.protocol.IpPrefix;

/** How much a VM, or a block outside, sends and gets. */
public record EndpointRate(IpPrefix endpoint, Rate sent, Rate received) {}
