package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import io.sterna.lab.kernel.AnnouncementFrames;
import io.sterna.lab.kernel.FrameSender;
import io.sterna.lab.kernel.LinkWatch;
import io.sterna.lab.kernel.PortMover;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Moves VMs between sites, and lets them announce themselves as a machine does after it moved. */
public final class VmMover {
  private static final long CARRIER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LabPlan plan;

  /** A mover for the lab of this plan. */
  public VmMover(LabPlan plan) {
    this.plan = plan;
  }

  /**
   * Takes the VM's port out of one site, plugs it in at the other, and lets the VM announce its
   * addresses from inside as soon as it sees carrier.
   *
   * @throws LabException if the kernel refuses
   */
  public MoveStamps move(Vm vm, Site from, Site to) throws LabException {
    NetworkNamespace inside = NetworkNamespace.named(plan.namespace(vm));
    List<byte[]> frames =
        vm.addresses().stream().map(address -> AnnouncementFrames.of(address, vm.mac())).toList();
    try (LinkWatch watch = LinkWatch.open(inside, LabPlan.VM_LINK);
        FrameSender sender = FrameSender.open(inside, LabPlan.VM_LINK)) {
      PortMover.Moved moved =
          PortMover.move(
              NetworkNamespace.named(plan.namespace(from)),
              vm.name(),
              NetworkNamespace.named(plan.namespace(to)),
              LabPlan.BRIDGE_INDEX);
      long carrier = watch.awaitCarrier(moved.doneNanos() + CARRIER_TIMEOUT_NANOS);
      long plugged = Math.max(carrier, moved.doneNanos());
      long announced = System.nanoTime();
      for (byte[] frame : frames) {
        sender.send(frame);
      }
      return new MoveStamps(moved.askedNanos(), plugged, announced);
    } catch (IOException e) {
      throw new LabException(
          "cannot move " + vm.name() + " to " + to.id() + ": " + FileReason.why(e), e);
    }
  }

  /** Lets the VM announce its addresses where it is. */
  public void announce(Vm vm) throws LabException {
    NetworkNamespace inside = NetworkNamespace.named(plan.namespace(vm));
    try (FrameSender sender = FrameSender.open(inside, LabPlan.VM_LINK)) {
      for (IpAddress address : vm.addresses()) {
        sender.send(AnnouncementFrames.of(address, vm.mac()));
      }
    } catch (IOException e) {
      throw new LabException(vm.name() + " cannot announce itself: " + FileReason.why(e), e);
    }
  }
}
