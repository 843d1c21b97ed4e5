package io.sterna.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Empties hash maps many entries at a time; its buffers are used again and again.
 *
 * <p>Meant for a map that no program writes any more: what is written meanwhile may be seen now,
 * the next time, or, if it lands on an entry just read, never.
 */
public final class BpfDrain implements AutoCloseable {
  private static final int LOOKUP_AND_DELETE_BATCH = 25;
  private static final int CURSOR_BYTES = 8;

  private final int batchEntries;
  private final int keyBytes;
  private final int valueBytes;
  private final Memory keys;
  private final Memory values;
  private final Memory cursor = new Memory(2 * CURSOR_BYTES);

  /** Gets one entry; the buffers are in the machine's byte order and valid during the call. */
  public interface Entries {
    /**
     * One entry.
     *
     * @param keys holds the key from {@code keyAt} on
     * @param values holds the value from {@code valueAt} on
     */
    void onEntry(ByteBuffer keys, int keyAt, ByteBuffer values, int valueAt);
  }

  /**
   * For maps with keys and values of at most these sizes.
   *
   * @param batchEntries how many a system call reads; more than any bucket of the map holds
   */
  public BpfDrain(int keyBytes, int valueBytes, int batchEntries) {
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
    this.batchEntries = batchEntries;
    this.keys = new Memory((long) keyBytes * batchEntries);
    this.values = new Memory((long) valueBytes * batchEntries);
  }

  /**
   * Takes all entries out of a map.
   *
   * @param mapKeyBytes the map's own key size
   * @param mapValueBytes the map's own value size
   */
  public void drain(int mapFd, int mapKeyBytes, int mapValueBytes, Entries entries)
      throws IOException {
    if (mapKeyBytes > keyBytes || mapValueBytes > valueBytes) {
      throw new IllegalArgumentException("entries of this map do not fit");
    }
    ByteBuffer keyView = keys.getByteBuffer(0, keys.size()).order(ByteOrder.nativeOrder());
    ByteBuffer valueView = values.getByteBuffer(0, values.size()).order(ByteOrder.nativeOrder());
    try (Memory attributes = Bpf.attributes()) {
      boolean first = true;
      boolean more = true;
      while (more) {
        prepare(attributes, mapFd, first);
        more = next(attributes);
        first = false;
        int count = attributes.getInt(32);
        for (int i = 0; i < count; i++) {
          entries.onEntry(keyView, i * mapKeyBytes, valueView, i * mapValueBytes);
        }
        cursor.setLong(0, cursor.getLong(CURSOR_BYTES));
      }
    }
  }

  private void prepare(Memory attributes, int mapFd, boolean first) {
    attributes.clear();
    if (!first) {
      attributes.setPointer(0, cursor);
    }
    attributes.setPointer(8, cursor.share(CURSOR_BYTES));
    attributes.setPointer(16, keys);
    attributes.setPointer(24, values);
    attributes.setInt(32, batchEntries);
    attributes.setInt(36, mapFd);
  }

  /** Whether there may be more; the entries read before the end of the map count, too. */
  private static boolean next(Memory attributes) throws IOException {
    try {
      Bpf.invoke(LOOKUP_AND_DELETE_BATCH, attributes);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Rtnetlink.ENOENT) {
        return false;
      }
      throw new IOException(
          "emptying a BPF map: " + NetlinkException.reason(e.getErrorCode(), null), e);
    }
  }

  @Override
  public void close() {
    keys.close();
    values.close();
    cursor.close();
  }
}
