package io.sterna.store.plan;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;

/**
 * One step of a plan.
 *
 * @param vm who moves
 * @param from the site where it is
 * @param to the site where it is to be
 * @param memoryMib what has to be copied
 * @param costBefore of everything, before this step, as it was planned
 * @param costAfter of everything, after it
 * @param reason why, for people
 */
public record PlannedMove(
    IpAddress vm,
    SiteId from,
    SiteId to,
    long memoryMib,
    double costBefore,
    double costAfter,
    String reason) {}
