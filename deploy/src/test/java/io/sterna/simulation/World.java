package io.sterna.simulation;

import io.sterna.agent.claim.SilenceSettings;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.table.SessionId;
import io.sterna.controller.policy.PolicySettings;
import io.sterna.controller.range.RangeState;
import io.sterna.invariant.SingleOwner;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Controllers, elements, VMs, the store and what connects them. */
final class World {
  static final long FAULTS_MILLIS = 14_000;
  static final long QUIET_MILLIS = 14_000;

  private static final long CONNECT_INTERVAL = 200_000_000;
  private static final long MILLI = 1_000_000;

  private final Timeline timeline = new Timeline();
  private final Machine outside = Machine.outside();
  private final Checks checks = new Checks();
  private final Rules rules;
  private final Chance chance;
  private final Store store;
  private final List<RangeId> ranges = new ArrayList<>();
  private final List<Controller> controllers = new ArrayList<>();
  private final List<Element> elements = new ArrayList<>();
  private final List<Vm> vms = new ArrayList<>();
  private final List<FeEndpoint> endpoints = new ArrayList<>();
  private final List<IpAddress> addresses = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();
  private final Map<Link, Long> refusedUntil = new HashMap<>();
  private final Cluster cluster;
  private final boolean strict;
  private final boolean calm;
  private final Operator operator;
  private boolean moving = true;
  private long lastWriter;
  private long lastSession;

  private record Link(FeId fe, ControllerId controller) {}

  World(long seed, Rules rules) {
    this.rules = rules;
    chance = new Chance(seed);
    // Of its own: what else happens in a world does not depend on it.
    calm = new Chance(seed ^ 0x0CA1_0CA1L).in(0.15);
    strict = !calm && new Chance(~seed).in(0.4);
    operator = new Operator(this, new Chance(seed ^ 0x0BDE_0BDEL));
    store = new Store(timeline, chance);
    if (calm) {
      store.becomeReliable();
    }
    int rangeCount = 1 + chance.below(2);
    for (int i = 0; i < rangeCount; i++) {
      ranges.add(RangeId.parse("10.10." + i + ".0/24"));
    }
    for (int i = 0; i < 3; i++) {
      Machine machine = new Machine("controller-" + i, chance.between(0.95, 1.05));
      controllers.add(new Controller(this, new ControllerId(machine.toString()), machine));
    }
    addElements(3 + chance.below(2));
    addVms(2 + chance.below(5));
    cluster = new Cluster(this, controllers);
    connect();
  }

  private void addElements(int count) {
    for (int i = 0; i < count; i++) {
      FeId fe = new FeId("fe-" + i);
      endpoints.add(
          new FeEndpoint(fe, new SiteId("site-" + i), IpAddress.parse("192.0.2." + (i + 1))));
      elements.add(new Element(this, fe, new Machine(fe.value(), chance.between(0.95, 1.05))));
    }
  }

  private void addVms(int count) {
    for (int i = 0; i < count; i++) {
      IpAddress address = IpAddress.parse("10.10." + i % ranges.size() + "." + (10 + i));
      addresses.add(address);
      vms.add(new Vm(this, address, new MacAddress(0x02_00_00_00_01_00L + i)));
    }
  }

  /** Lets everything happen, and then nothing but what restores order. */
  void run() {
    vms.forEach(Vm::begin);
    if (!calm) {
      new Faults(this).plan(FAULTS_MILLIS);
      operator.plan(FAULTS_MILLIS);
    }
    timeline.runUntil(FAULTS_MILLIS * MILLI);
    becomeQuiet();
    timeline.runUntil((FAULTS_MILLIS + QUIET_MILLIS) * MILLI);
    checks.quiet(this);
  }

  private void becomeQuiet() {
    timeline.note(outside, "QUIET from now on");
    moving = false;
    store.becomeReliable();
    refusedUntil.clear();
    cluster.heal();
    for (Controller controller : controllers) {
      controller.machine().resume();
      controller.machine().start();
    }
    for (Element element : elements) {
      element.machine().resume();
    }
    // VMs say something now and then: what was lost with a crash is only learnt from that.
    for (Vm vm : vms) {
      timeline.quietly(chance.millis(6_000, 7_000), outside, vm::speakUp);
    }
  }

  /** Each element keeps a session to each controller. */
  private void connect() {
    sessions.removeIf(session -> !session.isElementOpen());
    for (Element element : elements) {
      for (Controller controller : controllers) {
        if (canConnect(element, controller)) {
          open(element, controller);
        }
      }
    }
    timeline.quietly(CONNECT_INTERVAL, outside, this::connect);
  }

  private boolean canConnect(Element element, Controller controller) {
    long refused = refusedUntil.getOrDefault(new Link(element.fe(), controller.id()), 0L);
    return element.machine().isUp()
        && controller.machine().isUp()
        && element.machine().pausedUntil() <= timeline.now()
        && refused <= timeline.now()
        && sessions.stream().noneMatch(session -> session.isBetween(element, controller));
  }

  private void open(Element element, Controller controller) {
    Session session =
        new Session(timeline, chance, new SessionId(++lastSession), element, controller);
    sessions.add(session);
    session.toController(element.hello());
  }

  /** The element does not reach the controller until then. */
  void refuse(Element element, Controller controller, long until) {
    refusedUntil.put(new Link(element.fe(), controller.id()), until);
  }

  void probe(Element by, IpAddress address, MacAddress mac) {
    timeline.quietly(
        chance.millis(0, 1),
        outside,
        () ->
            vms.stream()
                .filter(vm -> vm.address().equals(address))
                .forEach(vm -> vm.probed(by, mac)));
  }

  void forward(Controller from, RangeId range, Owner.Waiting claim) {
    cluster.forward(from, range, claim);
  }

  RangeId rangeOf(IpAddress address) {
    return ranges.stream()
        .filter(range -> range.prefix().contains(address))
        .findFirst()
        .orElseThrow();
  }

  MacAddress macOf(IpAddress address) {
    return vms.stream()
        .filter(vm -> vm.address().equals(address))
        .map(Vm::mac)
        .findFirst()
        .orElseThrow();
  }

  /** The state of the one owner that a range has when quiet. */
  RangeState ownedState(RangeId range) {
    List<Owner> owners = cluster.activeOwners(range);
    if (owners.size() != 1) {
      throw new Checks.Violation(
          SingleOwner.class, List.of(range + " has " + owners.size() + " active owners"));
    }
    return owners.get(0).ledger().state();
  }

  /** Where each VM is. */
  Map<IpAddress, FeId> attached() {
    Map<IpAddress, FeId> attached = new TreeMap<>();
    for (Vm vm : vms) {
      Element at = vm.at();
      if (at != null) {
        attached.put(vm.address(), at.fe());
      }
    }
    return attached;
  }

  Map<FeId, Map<IpAddress, NextHop>> forwarding() {
    Map<FeId, Map<IpAddress, NextHop>> forwarding = new TreeMap<>();
    elements.forEach(element -> forwarding.put(element.fe(), element.kernel()));
    return forwarding;
  }

  /** What each element delivers if it comes through a tunnel. */
  Map<FeId, Set<IpAddress>> staged() {
    Map<FeId, Set<IpAddress>> staged = new TreeMap<>();
    elements.forEach(element -> staged.put(element.fe(), element.staged()));
    return staged;
  }

  Map<IpAddress, FeId> tunnelEnds() {
    Map<IpAddress, FeId> ends = new TreeMap<>();
    endpoints.forEach(endpoint -> ends.put(endpoint.underlay(), endpoint.fe()));
    return ends;
  }

  List<Session> sessionsOf(Machine machine) {
    return sessions.stream().filter(session -> session.touches(machine)).toList();
  }

  long nextWriter() {
    return ++lastWriter;
  }

  /** Whether addresses are damped, and VMs stand still and are released. */
  boolean isStrict() {
    return strict;
  }

  /** Whether nothing fails and nobody but VMs does anything: so packets arrive all the time. */
  boolean isCalm() {
    return calm;
  }

  PolicySettings policy() {
    return strict ? Policies.STRICT : Policies.OPEN;
  }

  SilenceSettings silence() {
    return strict ? Policies.IMPATIENT : Policies.PATIENT;
  }

  boolean isMoving() {
    return moving;
  }

  Machine outside() {
    return outside;
  }

  Timeline timeline() {
    return timeline;
  }

  Chance chance() {
    return chance;
  }

  Rules rules() {
    return rules;
  }

  Store store() {
    return store;
  }

  Cluster cluster() {
    return cluster;
  }

  Checks checks() {
    return checks;
  }

  List<RangeId> ranges() {
    return ranges;
  }

  List<Controller> controllers() {
    return controllers;
  }

  List<Element> elements() {
    return elements;
  }

  List<FeEndpoint> endpoints() {
    return endpoints;
  }

  List<IpAddress> addresses() {
    return addresses;
  }
}
