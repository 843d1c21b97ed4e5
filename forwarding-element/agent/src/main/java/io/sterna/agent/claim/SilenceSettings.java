package io.sterna.agent.claim;

import java.time.Duration;

/**
 * How it is found out that a VM fell silent.
 *
 * @param after a VM that was not heard for so long is asked whether it is there
 * @param probeInterval how often it is asked ...
 * @param probes ... and how many times, before it counts as silent
 * @param repeatInterval a silent VM is asked again, and reported again, after this
 * @param answerTimeout how long the controllers' answer is awaited before a VM that is heard again
 *     is reported once more
 * @param atOnceMax the most VMs asked or reported at one moment
 */
public record SilenceSettings(
    Duration after,
    Duration probeInterval,
    int probes,
    Duration repeatInterval,
    Duration answerTimeout,
    int atOnceMax) {}
