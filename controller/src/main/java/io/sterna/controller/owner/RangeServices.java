package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerId;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What every range of this node uses.
 *
 * @param self this controller
 * @param limits bounds of one range
 * @param epochs hands out epochs
 * @param starts where the replay of a range may begin
 * @param turns whose turn it is to write
 * @param sessions the sessions of this node
 * @param policy who may claim what
 * @param siteTotals how many VMs are at each site
 * @param clock wall-clock time for people; order never depends on it
 * @param nanoTime a clock that does not go back and goes on while the process stands still
 */
public record RangeServices(
    ControllerId self,
    ControllerSettings.Ranges limits,
    Epochs epochs,
    ReplayStarts starts,
    CommitTurns turns,
    ActorRef<Sessions.Command> sessions,
    PolicySettings policy,
    SiteTotals siteTotals,
    InstantSource clock,
    LongSupplier nanoTime) {}
