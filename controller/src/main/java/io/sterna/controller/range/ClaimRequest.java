package io.sterna.controller.range;

import io.sterna.protocol.FeId;
import io.sterna.protocol.SouthboundMessage.Claim;

/**
 * A claim and who makes it.
 *
 * @param fe the forwarding element, as its certificate says
 * @param claim what it says
 */
public record ClaimRequest(FeId fe, Claim claim) {}
