package io.sterna.controller.execution;

import io.sterna.controller.relocation.online.RelocationSettings;
import java.time.Duration;

/**
 * How plans are made and executed.
 *
 * @param enabled whether they are at all
 * @param planning when, and how gently
 * @param lookEvery how often the traffic is looked at
 * @param askAgain how often an element that does not answer is asked again
 * @param vmMemoryMib what a VM's memory is taken as: what a migration copies
 * @param stepPatience how long an element may take for a part of a migration without a word of
 *     progress
 */
public record ExecutionSettings(
    boolean enabled,
    RelocationSettings planning,
    Duration lookEvery,
    long vmMemoryMib,
    Duration askAgain,
    Duration stepPatience) {}
