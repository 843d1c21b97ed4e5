package io.sterna.controller.audit;

import java.time.Duration;

/**
 * What readers that follow the log may cost.
 *
 * @param readersMax the most of them at this controller
 * @param stallLimit who takes nothing for so long is cut
 */
public record FollowSettings(int readersMax, Duration stallLimit) {}
