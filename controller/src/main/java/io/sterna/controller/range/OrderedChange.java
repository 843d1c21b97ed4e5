package io.sterna.controller.range;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * A change that an operator asks for.
 *
 * @param address what is to be attached
 * @param fe where; null = nowhere
 * @param mac with this hardware address; {@link MacAddress#NONE} if nowhere
 * @param seenVersion the version that he had seen; 0 = the address was never bound
 */
public record OrderedChange(
    IpAddress address, @Nullable FeId fe, MacAddress mac, long seenVersion) {}
