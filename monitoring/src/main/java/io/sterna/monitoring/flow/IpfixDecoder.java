package io.sterna.monitoring.flow;

import io.sterna.protocol.IpAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IPFIX messages of one exporter (RFC 7011).
 *
 * <p>Records need an address pair of one family and delta counts of bytes and packets; others are
 * counted as unusable. So are total counts: what they add up from, only the exporter knows.
 *
 * <p>Templates are bounded in number and size. Not thread-safe.
 */
public final class IpfixDecoder {
  private static final int VERSION = 10;
  private static final int HEADER_BYTES = 16;
  private static final int SET_HEADER_BYTES = 4;
  private static final int TEMPLATE_SET = 2;
  private static final int OPTIONS_TEMPLATE_SET = 3;
  private static final int FIRST_DATA_SET = 256;
  private static final int VARIABLE = 0xffff;
  private static final int ENTERPRISE = 0x8000;

  private static final int OCTET_DELTA_COUNT = 1;
  private static final int PACKET_DELTA_COUNT = 2;
  private static final int SOURCE_IPV4 = 8;
  private static final int DESTINATION_IPV4 = 12;
  private static final int SOURCE_IPV6 = 27;
  private static final int DESTINATION_IPV6 = 28;

  private static final int TEMPLATES_MAX = 4096;
  private static final int FIELDS_MAX = 512;

  private final Map<TemplateKey, Template> templates = new HashMap<>();
  private final Map<Integer, Sequence> sequences = new HashMap<>();

  private record TemplateKey(int domain, int id) {}

  /** A field; element -1 is one that means nothing here. */
  private record Field(int element, int length) {}

  /**
   * How a record is laid out.
   *
   * @param minBytes the least that one takes
   * @param flows whether it is of flows, not of the exporter itself
   */
  private record Template(List<Field> fields, int minBytes, boolean flows) {}

  private static final class Sums {
    final List<FlowRecord> flows = new ArrayList<>();
    int records;
    long unusable;
  }

  /**
   * Reads one message, as one datagram carries it.
   *
   * @throws MalformedExportException if it is none; templates before the fault stay
   */
  public Exported decode(ByteBuffer message) throws MalformedExportException {
    try {
      ByteBuffer in = message.slice();
      if (in.remaining() < HEADER_BYTES || in.getShort(0) != VERSION) {
        throw new MalformedExportException("not an IPFIX message");
      }
      int length = Short.toUnsignedInt(in.getShort(2));
      if (length < HEADER_BYTES || length > in.remaining()) {
        throw new MalformedExportException(
            "a message of " + in.remaining() + " bytes says that it has " + length);
      }
      int sequence = in.getInt(8);
      int domain = in.getInt(12);
      in.position(HEADER_BYTES).limit(length);
      Sums sums = new Sums();
      while (in.remaining() >= SET_HEADER_BYTES) {
        set(in, domain, sums);
      }
      if (sequences.size() >= TEMPLATES_MAX) {
        sequences.clear();
      }
      long lost =
          sequences.computeIfAbsent(domain, each -> new Sequence()).next(sequence, sums.records);
      return new Exported(List.copyOf(sums.flows), lost, sums.unusable);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new MalformedExportException("truncated");
    }
  }

  private void set(ByteBuffer in, int domain, Sums sums) throws MalformedExportException {
    int id = Short.toUnsignedInt(in.getShort());
    int length = Short.toUnsignedInt(in.getShort());
    if (length < SET_HEADER_BYTES || length - SET_HEADER_BYTES > in.remaining()) {
      throw new MalformedExportException("a set of " + length + " bytes");
    }
    ByteBuffer body = in.slice().limit(length - SET_HEADER_BYTES);
    in.position(in.position() + length - SET_HEADER_BYTES);
    if (id == TEMPLATE_SET || id == OPTIONS_TEMPLATE_SET) {
      while (body.remaining() >= SET_HEADER_BYTES) {
        template(body, domain, id == TEMPLATE_SET);
      }
    } else if (id >= FIRST_DATA_SET) {
      data(body, templates.get(new TemplateKey(domain, id)), sums);
    }
  }

  private void template(ByteBuffer in, int domain, boolean flows) throws MalformedExportException {
    int id = Short.toUnsignedInt(in.getShort());
    int count = Short.toUnsignedInt(in.getShort());
    TemplateKey key = new TemplateKey(domain, id);
    if (count == 0) {
      templates.remove(key); // withdrawn
      return;
    }
    if (!flows) {
      in.getShort(); // how many of the fields say what the record is about
    }
    if (id < FIRST_DATA_SET || count > FIELDS_MAX) {
      throw new MalformedExportException("template " + id + " of " + count + " fields");
    }
    List<Field> fields = new ArrayList<>();
    int minBytes = 0;
    for (int i = 0; i < count; i++) {
      int element = Short.toUnsignedInt(in.getShort());
      int length = Short.toUnsignedInt(in.getShort());
      if ((element & ENTERPRISE) != 0) {
        in.getInt();
        element = -1;
      }
      fields.add(new Field(element, length));
      minBytes += length == VARIABLE ? 1 : length;
    }
    if (minBytes == 0) {
      throw new MalformedExportException("template " + id + " takes no bytes");
    }
    if (templates.size() >= TEMPLATES_MAX && !templates.containsKey(key)) {
      throw new MalformedExportException("more than " + TEMPLATES_MAX + " templates");
    }
    templates.put(key, new Template(fields, minBytes, flows));
  }

  private static void data(ByteBuffer in, @Nullable Template template, Sums sums) {
    if (template == null) {
      sums.unusable++; // how many records it holds, only its template says
      return;
    }
    while (in.remaining() >= template.minBytes()) {
      sums.records++;
      FlowRecord flow = record(in, template);
      if (flow != null) {
        sums.flows.add(flow);
      } else if (template.flows()) {
        sums.unusable++;
      }
    }
  }

  private static @Nullable FlowRecord record(ByteBuffer in, Template template) {
    IpAddress source = null;
    IpAddress destination = null;
    long bytes = -1;
    long packets = -1;
    for (Field field : template.fields()) {
      int length = field.length() == VARIABLE ? variableLength(in) : field.length();
      int at = in.position();
      in.position(at + length);
      switch (field.element()) {
        case OCTET_DELTA_COUNT -> bytes = number(in, at, length);
        case PACKET_DELTA_COUNT -> packets = number(in, at, length);
        case SOURCE_IPV4, SOURCE_IPV6 -> source = address(in, at, length, source);
        case DESTINATION_IPV4, DESTINATION_IPV6 ->
            destination = address(in, at, length, destination);
        default -> {}
      }
    }
    if (source == null || destination == null || bytes < 0 || packets < 0) {
      return null;
    }
    return new FlowRecord(source, destination, bytes, packets);
  }

  private static int variableLength(ByteBuffer in) {
    int length = Byte.toUnsignedInt(in.get());
    return length < 255 ? length : Short.toUnsignedInt(in.getShort());
  }

  /** Counts may be shortened; -1 if it is no count. */
  private static long number(ByteBuffer in, int at, int length) {
    if (length < 1 || length > 8) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = (number << 8) | Byte.toUnsignedLong(in.get(at + i));
    }
    return number;
  }

  /** Exporters of both families may send the other family's fields as zeros. */
  private static @Nullable IpAddress address(
      ByteBuffer in, int at, int length, @Nullable IpAddress other) {
    if (length != 4 && length != 16) {
      return other;
    }
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    IpAddress address = IpAddress.ofBytes(bytes, 0, length);
    boolean empty = address.low() == 0 || (address.isV4() && address.v4Bits() == 0);
    return empty && other != null ? other : address;
  }
}
