package io.sterna.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.keys.FileReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An export as it is read, line by line: range after range, and of each its rows. Checkpoints are
 * passed over. One line is held. Not thread-safe.
 */
public final class ExportLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final BufferedReader lines;
  private final Optional<IpPrefix> prefix;
  private final Set<RangeId> seen = new HashSet<>();
  private long line;
  private @Nullable RangeId range;
  private @Nullable RangeId nextRange;
  private @Nullable StoredRow nextRow;

  /**
   * @param name of the file, for people
   * @param prefix only ranges in it
   */
  public ExportLines(String name, InputStream export, Optional<IpPrefix> prefix) {
    this.name = name;
    this.lines = new BufferedReader(new InputStreamReader(export, StandardCharsets.UTF_8));
    this.prefix = prefix;
  }

  /**
   * The next range; what was not read of the one before is passed over. Empty = there is none.
   *
   * @throws UncheckedIOException with one line that says where and what is wrong; the iterator of
   *     {@link #rows} throws it too
   */
  public Optional<RangeId> next() {
    if (line == 0) {
      read();
    }
    while (nextRange != null && nextRange.equals(range)) {
      read();
    }
    range = nextRange;
    if (range != null && !seen.add(range)) {
      throw broken("rows of range " + range + " do not stand together", null);
    }
    return Optional.ofNullable(range);
  }

  /** The rows of this range. */
  public Iterator<StoredRow> rows() {
    RangeId of = range;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return of != null && of.equals(nextRange) && nextRow != null;
      }

      @Override
      public StoredRow next() {
        StoredRow row = nextRow;
        if (!hasNext() || row == null) {
          throw new NoSuchElementException();
        }
        read();
        return row;
      }
    };
  }

  private void read() {
    try {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        JsonNode json = MAPPER.readTree(text);
        if (text.isBlank() || json.hasNonNull("checkpoint") || json.hasNonNull("holds")) {
          continue;
        }
        if (json.has("error")) {
          throw broken(
              "the export is not whole: " + json.path("error").path("message").asText(), null);
        }
        RangeId of = RangeId.parse(json.path("range").asText());
        if (prefix.map(wanted -> of.prefix().overlaps(wanted)).orElse(true)) {
          nextRange = of;
          nextRow = row(json);
          return;
        }
      }
    } catch (com.fasterxml.jackson.core.JacksonException | IllegalArgumentException e) {
      throw broken("is no line of an export", e);
    } catch (IOException e) {
      throw broken("cannot be read on: " + FileReason.why(e), e);
    }
    line = Math.max(line, 1);
    nextRange = null;
    nextRow = null;
  }

  private static StoredRow row(JsonNode json) throws IOException {
    byte[] bytes = json.path("bytes").binaryValue();
    if (bytes == null) {
      throw new IllegalArgumentException("no bytes");
    }
    return new StoredRow(json.path("row").asLong(), json.path("format").asText(), bytes);
  }

  private UncheckedIOException broken(String what, @Nullable Exception cause) {
    return new UncheckedIOException(new IOException(name + ":" + line + ": " + what, cause));
  }
}
