package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.VmUse;
import java.util.List;

/** The layout of what a hypervisor says of its VMs. */
final class VmLayouts {
  private static final int VM_MIN_BYTES = Fields.ADDRESS_MIN_BYTES + 1 + 1;

  private VmLayouts() {}

  /** Interval in ms as varlong, VMs. */
  static final class OfReport extends ImmutableSerializer<VmReport> {
    @Override
    public void write(Kryo kryo, Output out, VmReport report) {
      out.writeVarLong(report.intervalMs(), true);
      Fields.writeList(out, report.vms(), VmLayouts::writeVm);
    }

    @Override
    public VmReport read(Kryo kryo, Input in, Class<? extends VmReport> type) {
      long intervalMs = in.readVarLong(true);
      List<VmUse> vms = Fields.readList(in, VM_MIN_BYTES, VmLayouts::readVm);
      return new VmReport(intervalMs, vms);
    }
  }

  /** Address, memory in MiB as varlong, kbit/s as varlong. */
  private static void writeVm(Output out, VmUse vm) {
    Fields.writeAddress(out, vm.address());
    out.writeVarLong(vm.memoryMib(), true);
    out.writeVarLong(vm.dirtyKbps(), true);
  }

  private static VmUse readVm(Input in) {
    IpAddress address = Fields.readAddress(in);
    long memoryMib = in.readVarLong(true);
    return new VmUse(address, memoryMib, in.readVarLong(true));
  }
}
