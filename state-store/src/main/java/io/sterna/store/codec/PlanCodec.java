package io.sterna.store.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.FeId;
import io.sterna.protocol.SiteId;
import io.sterna.store.plan.PlanEnd;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.PlannedMove;
import io.sterna.store.plan.StepEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The persisted form of what happened to plans.
 *
 * <pre>
 * record = version(1 byte, = 1) type(1 byte) plan at-ms fields
 * 1 Proposed      = trigger cost-before cost-after count move*
 *   move          = address from-site to-site memory-mib cost-before cost-after reason
 * 2 Approved      = by
 * 3 StepStarted   = step from-element to-element cost-before cost-after
 * 4 StepEnded     = step end(1 byte) detail
 * 5 StopRequested = by
 * 6 Ended         = end(1 byte) reason
 * </pre>
 *
 * <p>Numbers are Kryo variable length integers, costs 8 bytes, names a length byte and ASCII, texts
 * a length and UTF-8. As with rows, another set of fields is another type.
 */
public final class PlanCodec {
  /** The first byte of every record. */
  public static final int VERSION = 1;

  private static final int PROPOSED = 1;
  private static final int APPROVED = 2;
  private static final int STEP_STARTED = 3;
  private static final int STEP_ENDED = 4;
  private static final int STOP_REQUESTED = 5;
  private static final int ENDED = 6;

  private static final int INITIAL_BYTES = 512;
  private static final int UNBOUNDED = -1;
  private static final int TEXT_BYTES_MAX = 4096;
  private static final int MOVE_LEAST_BYTES = 5 + 2 + 2 + 1 + 8 + 8 + 1;

  private PlanCodec() {}

  /** The bytes of an event. */
  public static byte[] encode(PlanEvent event) {
    Output output = new Output(INITIAL_BYTES, UNBOUNDED);
    output.writeByte(VERSION);
    output.writeByte(type(event));
    output.writeVarLong(event.plan().number(), true);
    output.writeVarLong(event.atEpochMillis(), true);
    if (event instanceof PlanEvent.Proposed proposed) {
      writeText(output, proposed.trigger());
      output.writeDouble(proposed.costBefore());
      output.writeDouble(proposed.costAfter());
      output.writeVarInt(proposed.moves().size(), true);
      proposed.moves().forEach(move -> write(output, move));
    } else if (event instanceof PlanEvent.Approved approved) {
      writeText(output, approved.by());
    } else if (event instanceof PlanEvent.StepStarted started) {
      output.writeVarInt(started.step(), true);
      Fields.writeName(output, started.from().value());
      Fields.writeName(output, started.to().value());
      output.writeDouble(started.costBefore());
      output.writeDouble(started.costAfter());
    } else if (event instanceof PlanEvent.StepEnded ended) {
      output.writeVarInt(ended.step(), true);
      output.writeByte(ended.end().code());
      writeText(output, ended.detail());
    } else if (event instanceof PlanEvent.StopRequested stop) {
      writeText(output, stop.by());
    } else if (event instanceof PlanEvent.Ended ended) {
      output.writeByte(ended.end().code());
      writeText(output, ended.reason());
    }
    return output.toBytes();
  }

  private static int type(PlanEvent event) {
    if (event instanceof PlanEvent.Proposed) {
      return PROPOSED;
    } else if (event instanceof PlanEvent.Approved) {
      return APPROVED;
    } else if (event instanceof PlanEvent.StepStarted) {
      return STEP_STARTED;
    } else if (event instanceof PlanEvent.StepEnded) {
      return STEP_ENDED;
    } else if (event instanceof PlanEvent.StopRequested) {
      return STOP_REQUESTED;
    }
    // Java 17 has no exhaustive switch over a sealed type; the cast fails if an event is added.
    return event.getClass() == PlanEvent.Ended.class ? ENDED : refuse(event);
  }

  private static int refuse(PlanEvent event) {
    throw new IllegalArgumentException("no type for " + event.getClass());
  }

  private static void write(Output output, PlannedMove move) {
    Fields.writeAddress(output, move.vm());
    Fields.writeName(output, move.from().value());
    Fields.writeName(output, move.to().value());
    output.writeVarLong(move.memoryMib(), true);
    output.writeDouble(move.costBefore());
    output.writeDouble(move.costAfter());
    writeText(output, move.reason());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedRecordException if the bytes are anything else
   */
  public static PlanEvent decode(byte[] bytes) throws MalformedRecordException {
    Input input = new Input(bytes);
    try {
      int version = input.readByteUnsigned();
      if (version != VERSION) {
        throw new MalformedRecordException("record version " + version + " is not " + VERSION);
      }
      int type = input.readByteUnsigned();
      PlanId plan = new PlanId(input.readVarLong(true));
      PlanEvent event = read(input, type, plan, input.readVarLong(true));
      int rest = bytes.length - input.position();
      if (rest > 0) {
        throw new MalformedRecordException(rest + " bytes after the end of the record");
      }
      return event;
    } catch (KryoException e) {
      throw new MalformedRecordException("record ends after " + bytes.length + " bytes", e);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
      throw new MalformedRecordException("impossible value: " + reason, e);
    }
  }

  private static PlanEvent read(Input input, int type, PlanId plan, long at)
      throws MalformedRecordException {
    return switch (type) {
      case PROPOSED -> {
        String trigger = readText(input);
        double before = input.readDouble();
        double after = input.readDouble();
        yield new PlanEvent.Proposed(plan, at, trigger, before, after, readMoves(input));
      }
      case APPROVED -> new PlanEvent.Approved(plan, at, readText(input));
      case STEP_STARTED ->
          new PlanEvent.StepStarted(
              plan,
              at,
              input.readVarInt(true),
              Fields.readFe(input),
              Fields.readFe(input),
              input.readDouble(),
              input.readDouble());
      case STEP_ENDED -> {
        int step = input.readVarInt(true);
        StepEnd end = StepEnd.ofCode(input.readByteUnsigned());
        yield new PlanEvent.StepEnded(plan, at, step, end, readText(input));
      }
      case STOP_REQUESTED -> new PlanEvent.StopRequested(plan, at, readText(input));
      case ENDED -> {
        PlanEnd end = PlanEnd.ofCode(input.readByteUnsigned());
        yield new PlanEvent.Ended(plan, at, end, readText(input));
      }
      default -> throw new MalformedRecordException("record type " + type + " is about no plan");
    };
  }

  private static List<PlannedMove> readMoves(Input input) throws MalformedRecordException {
    int count = Fields.readCount(input, PlanEvent.Proposed.MOVES_MAX, MOVE_LEAST_BYTES);
    List<PlannedMove> moves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      moves.add(
          new PlannedMove(
              Fields.readAddress(input),
              readSite(input),
              readSite(input),
              input.readVarLong(true),
              input.readDouble(),
              input.readDouble(),
              readText(input)));
    }
    return moves;
  }

  private static SiteId readSite(Input input) {
    // The same characters, checked in the same way.
    FeId name = Fields.readFe(input);
    return new SiteId(name.value());
  }

  private static void writeText(Output output, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > TEXT_BYTES_MAX) {
      throw new IllegalArgumentException("a text of " + bytes.length + " bytes");
    }
    output.writeVarInt(bytes.length, true);
    output.writeBytes(bytes);
  }

  private static String readText(Input input) throws MalformedRecordException {
    int length = Fields.readCount(input, TEXT_BYTES_MAX, 1);
    return new String(input.readBytes(length), StandardCharsets.UTF_8);
  }
}
