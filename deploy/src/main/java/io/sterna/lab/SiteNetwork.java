package io.sterna.lab;

import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.probe.RouteWatch;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.MoveStamps;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;

/** The sites of a lab and all that forwards between them: real ones, or emulated. */
public interface SiteNetwork extends AutoCloseable {
  /** What forwards packets: {@code kernel} or {@code emulated}. */
  String dataPlane();

  /** What stands in it. */
  LabPlan plan();

  /**
   * Builds everything, or nothing.
   *
   * @throws LabException if it stands already or cannot be built
   */
  void up() throws LabException;

  /** Starts the agents of every site, or gets ready to watch those that run on their own. */
  void startAgents(ControlPlane controlPlane) throws LabException;

  /** Notes each route that a forwarding element installs from now on. */
  RouteWatch routes() throws LabException;

  /** The site where a VM is plugged in. */
  Site siteOf(Vm vm) throws LabException;

  /** Lets a VM announce its addresses where it is. */
  void announce(Vm vm) throws LabException;

  /** Moves a VM, which announces itself at the other site. */
  MoveStamps move(Vm vm, Site to) throws LabException;

  /**
   * Starts to probe a VM every millisecond from the client outside and from another VM.
   *
   * @throws LabException if it cannot be reached
   */
  ProbeSession probe(Vm target, Vm peer) throws LabException;

  /** Stops watching and, what lives in this process, serving; removes nothing that stands. */
  @Override
  void close();

  /**
   * Removes what {@link #up} built, whoever built it. Does nothing if nothing stands.
   *
   * @throws LabException if something could not be removed
   */
  void down() throws LabException;
}
