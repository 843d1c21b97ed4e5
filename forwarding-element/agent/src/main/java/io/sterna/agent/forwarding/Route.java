package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;

/**
 * A host route: /32 or /128.
 *
 * @param address the VM's address
 * @param nextHop where its packets go
 */
public record Route(IpAddress address, NextHop nextHop) {}
