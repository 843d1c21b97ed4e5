package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.RangeMap;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What every session of this node shares.
 *
 * @param claimRates how often each element may claim
 * @param members the controllers of the cluster as they are now
 * @param inventory the elements that may connect
 * @param relocation who executes plans, wherever in the cluster it is
 * @param applied on its way to the ranges of this node
 * @param owners tells the owner of a range, wherever in the cluster it is
 * @param traffic the way to the collector of traffic, wherever in the cluster it is
 */
record Southbound(
    ControllerId self,
    ControllerSettings.Southbound settings,
    ClaimRates claimRates,
    RangeMap ranges,
    Map<FeId, FeEndpoint> inventory,
    Supplier<List<ControllerEndpoint>> members,
    AppliedReports applied,
    BiConsumer<RangeId, RangeCommand> owners,
    ActorRef<TrafficCommand> traffic,
    ActorRef<RelocationCommand> relocation,
    ActorRef<Sessions.Command> registry) {}
