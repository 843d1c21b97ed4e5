package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;

/** The layouts of a claim and of its two answers. */
final class ClaimLayouts {
  private ClaimLayouts() {}

  /** Claim id as varlong, address, MAC, seen version as varlong, evidence code as one byte. */
  static final class OfClaim extends ImmutableSerializer<Claim> {
    @Override
    public void write(Kryo kryo, Output out, Claim claim) {
      out.writeVarLong(claim.claimId(), true);
      Fields.writeAddress(out, claim.address());
      Fields.writeMac(out, claim.mac());
      out.writeVarLong(claim.seenVersion(), true);
      out.writeByte(claim.evidence().code());
    }

    @Override
    public Claim read(Kryo kryo, Input in, Class<? extends Claim> type) {
      long claimId = in.readVarLong(true);
      IpAddress address = Fields.readAddress(in);
      MacAddress mac = Fields.readMac(in);
      long seenVersion = in.readVarLong(true);
      return new Claim(claimId, address, mac, seenVersion, Evidence.ofCode(in.readByte()));
    }
  }

  /** Claim id as varlong, binding. */
  static final class OfClaimAccepted extends ImmutableSerializer<ClaimAccepted> {
    @Override
    public void write(Kryo kryo, Output out, ClaimAccepted accepted) {
      out.writeVarLong(accepted.claimId(), true);
      Fields.writeBinding(out, accepted.binding());
    }

    @Override
    public ClaimAccepted read(Kryo kryo, Input in, Class<? extends ClaimAccepted> type) {
      long claimId = in.readVarLong(true);
      return new ClaimAccepted(claimId, Fields.readBinding(in));
    }
  }

  /** Claim id as varlong, reason code as one byte, current version as varlong. */
  static final class OfClaimRejected extends ImmutableSerializer<ClaimRejected> {
    @Override
    public void write(Kryo kryo, Output out, ClaimRejected rejected) {
      out.writeVarLong(rejected.claimId(), true);
      out.writeByte(rejected.reason().code());
      out.writeVarLong(rejected.currentVersion(), true);
    }

    @Override
    public ClaimRejected read(Kryo kryo, Input in, Class<? extends ClaimRejected> type) {
      long claimId = in.readVarLong(true);
      RejectReason reason = RejectReason.ofCode(in.readByte());
      return new ClaimRejected(claimId, reason, in.readVarLong(true));
    }
  }
}
