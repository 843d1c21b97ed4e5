package io.sterna.monitoring.matrix;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.Optional;

/**
 * How much a VM, or a block outside, sends and gets.
 *
 * @param site where a VM was last heard of, or where most of a block's traffic comes in and goes
 *     out; empty if that is not known
 */
public record EndpointRate(IpPrefix endpoint, Optional<SiteId> site, Rate sent, Rate received) {}
