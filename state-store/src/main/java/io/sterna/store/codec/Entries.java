package io.sterna.store.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a row.
 *
 * <pre>
 * bound    = 1 address mac claimed-by evidence seen-version flags [fe] version [previous-fe]
 * refused  = 2 address mac claimed-by evidence seen-version reason
 * released = 3 address mac claimed-by evidence seen-version version
 * omitted  = 4 claimed-by count
 * noted    = 5 address note version
 * 6 to 9   = what operators asked for ({@link OrderedEntries})
 * </pre>
 *
 * Flag 1: the FE is not the claimant and follows. Flag 2: a previous FE follows. What a row says
 * more than once may refer to an entry before: one of these for each row, from its first entry on.
 */
final class Entries {
  /** No entry is shorter: kind, a name of one letter, count. */
  static final int LEAST_BYTES = 1 + 2 + 1;

  private static final int BOUND = 1;
  private static final int REFUSED = 2;
  private static final int RELEASED = 3;
  private static final int OMITTED = 4;
  private static final int NOTED = 5;
  private static final int OTHER_FE = 1;
  private static final int PREVIOUS_FE = 2;

  private final OrderedEntries ordered = new OrderedEntries();

  void write(Output output, Entry entry) {
    if (entry instanceof Entry.Bound bound) {
      writeBound(output, bound);
    } else if (entry instanceof Entry.Refused refused) {
      writeRefused(output, refused);
    } else if (entry instanceof Entry.Released released) {
      writeReleased(output, released);
    } else if (entry instanceof Entry.RefusalsOmitted omitted) {
      writeOmitted(output, omitted);
    } else if (entry instanceof Entry.Noted noted) {
      writeNoted(output, noted);
    } else {
      ordered.write(output, (Entry.Ordered) entry);
    }
  }

  Entry read(Input input) throws MalformedRecordException {
    int kind = input.readByteUnsigned();
    return switch (kind) {
      case BOUND -> readBound(input);
      case REFUSED -> readRefused(input);
      case RELEASED -> readReleased(input);
      case OMITTED -> new Entry.RefusalsOmitted(Fields.readFe(input), input.readVarLong(true));
      case NOTED -> readNoted(input);
      default -> ordered.read(input, kind);
    };
  }

  private static void writeBound(Output output, Entry.Bound bound) {
    Binding binding = bound.binding();
    FeId previousFe = bound.previousFe();
    boolean otherFe = !binding.fe().equals(bound.claimedBy());
    output.writeByte(BOUND);
    Fields.writeAddress(output, binding.address());
    Fields.writeMac(output, binding.mac());
    writeClaim(output, bound);
    output.writeByte((otherFe ? OTHER_FE : 0) | (previousFe != null ? PREVIOUS_FE : 0));
    if (otherFe) {
      Fields.writeName(output, binding.fe().value());
    }
    output.writeVarLong(binding.version(), true);
    if (previousFe != null) {
      Fields.writeName(output, previousFe.value());
    }
  }

  private static Entry.Bound readBound(Input input) throws MalformedRecordException {
    var address = Fields.readAddress(input);
    var mac = Fields.readMac(input);
    FeId claimedBy = Fields.readFe(input);
    Evidence evidence = Evidence.ofCode(input.readByteUnsigned());
    long seenVersion = input.readVarLong(true);
    int flags = input.readByteUnsigned();
    if ((flags & ~(OTHER_FE | PREVIOUS_FE)) != 0) {
      throw new MalformedRecordException("entry flags " + flags);
    }
    FeId fe = (flags & OTHER_FE) != 0 ? Fields.readFe(input) : claimedBy;
    long version = input.readVarLong(true);
    @Nullable FeId previousFe = (flags & PREVIOUS_FE) != 0 ? Fields.readFe(input) : null;
    Binding binding = new Binding(address, fe, mac, version);
    return new Entry.Bound(binding, evidence, claimedBy, seenVersion, previousFe);
  }

  private static void writeRefused(Output output, Entry.Refused refused) {
    output.writeByte(REFUSED);
    Fields.writeAddress(output, refused.address());
    Fields.writeMac(output, refused.mac());
    writeClaim(output, refused);
    output.writeByte(refused.reason().code());
  }

  private static Entry.Refused readRefused(Input input) throws MalformedRecordException {
    var address = Fields.readAddress(input);
    var mac = Fields.readMac(input);
    FeId claimedBy = Fields.readFe(input);
    Evidence evidence = Evidence.ofCode(input.readByteUnsigned());
    long seenVersion = input.readVarLong(true);
    RejectReason reason = RejectReason.ofCode(input.readByteUnsigned());
    return new Entry.Refused(address, claimedBy, mac, reason, evidence, seenVersion);
  }

  private static void writeReleased(Output output, Entry.Released released) {
    output.writeByte(RELEASED);
    Fields.writeAddress(output, released.binding().address());
    Fields.writeMac(output, released.mac());
    writeClaim(output, released);
    output.writeVarLong(released.binding().version(), true);
  }

  private static Entry.Released readReleased(Input input) throws MalformedRecordException {
    var address = Fields.readAddress(input);
    var mac = Fields.readMac(input);
    FeId claimedBy = Fields.readFe(input);
    Evidence evidence = Evidence.ofCode(input.readByteUnsigned());
    long seenVersion = input.readVarLong(true);
    Binding left = new Binding(address, claimedBy, MacAddress.NONE, input.readVarLong(true));
    return new Entry.Released(mac, left, evidence, claimedBy, seenVersion);
  }

  private static void writeOmitted(Output output, Entry.RefusalsOmitted omitted) {
    output.writeByte(OMITTED);
    Fields.writeName(output, omitted.claimedBy().value());
    output.writeVarLong(omitted.count(), true);
  }

  private static void writeNoted(Output output, Entry.Noted noted) {
    output.writeByte(NOTED);
    Fields.writeAddress(output, noted.address());
    output.writeByte(noted.what().code());
    output.writeVarLong(noted.version(), true);
  }

  private static Entry.Noted readNoted(Input input) throws MalformedRecordException {
    var address = Fields.readAddress(input);
    Note what = Note.ofCode(input.readByteUnsigned());
    return new Entry.Noted(address, what, input.readVarLong(true));
  }

  private static void writeClaim(Output output, Entry.Claimed entry) {
    Fields.writeName(output, entry.claimedBy().value());
    output.writeByte(entry.evidence().code());
    output.writeVarLong(entry.seenVersion(), true);
  }
}
