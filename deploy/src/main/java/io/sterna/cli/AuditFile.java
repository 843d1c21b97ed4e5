package io.sterna.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.audit.CheckpointFile;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.audit.Fault;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import io.sterna.store.keys.FileReason;
import io.sterna.store.keys.KeyFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks an export, line by line, without any controller. */
final class AuditFile {
  private AuditFile() {}

  /** The same answer as the API's. */
  static JsonNode verify(Path file, List<Path> keyFiles) throws OperationFailedException {
    List<PublicKey> keys = new ArrayList<>();
    for (Path each : keyFiles) {
      try {
        keys.add(KeyFiles.publicKey(each));
      } catch (IOException e) {
        throw new OperationFailedException("cannot read a key: " + FileReason.of(each, e), e);
      }
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return new Reading(file, keys).read(lines);
    } catch (IOException e) {
      throw new OperationFailedException("cannot read " + FileReason.of(file, e), e);
    }
  }

  private static final class Reading {
    private final Path file;
    private final boolean keysKnown;
    private final CheckpointChain chain;
    private final ObjectNode answer = Json.MAPPER.createObjectNode();
    private final ObjectNode checkpoints = answer.putObject("checkpoints");
    private final ArrayNode ranges = answer.putArray("ranges");
    private final Set<RangeId> seen = new HashSet<>();

    /** All ranges that overlap it were exported; null = all there were. */
    private @Nullable IpPrefix held;

    private @Nullable RangeId range;
    private @Nullable Verification verification;

    Reading(Path file, List<PublicKey> keys) {
      this.file = file;
      this.keysKnown = !keys.isEmpty();
      this.chain = new CheckpointChain(keys);
    }

    JsonNode read(BufferedReader lines) throws IOException, OperationFailedException {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          take(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
          throw new OperationFailedException(
              file + ":" + number + ": is no line of an export: " + e.getOriginalMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
          throw new OperationFailedException(
              file + ":" + number + ": is no line of an export: " + e.getMessage(), e);
        }
      }
      end();
      if (keysKnown) {
        chain.ranges().stream()
            .filter(each -> !seen.contains(each) && isHeld(each))
            .forEach(each -> add(new Verification(each, List.of(), chain.heads(each)).end()));
      }
      checkpoints.put("count", chain.count());
      checkpoints.put("newest", chain.number());
      ArrayNode faults = checkpoints.putArray("faults");
      chain.faults().forEach(faults::add);
      if (held != null) {
        checkpoints.put("holds", held.toString());
      }
      if (!keysKnown) {
        checkpoints.put("note", "not checked: no --key was given");
      }
      return answer;
    }

    private boolean isHeld(RangeId of) {
      return held == null || of.prefix().overlaps(held);
    }

    private void take(JsonNode line) throws IOException {
      if (line.has("error")) {
        throw new IllegalArgumentException(
            "it says why it is not whole: " + line.path("error").path("message").asText());
      }
      if (line.hasNonNull("holds")) {
        String holds = line.path("holds").asText();
        held = holds.equals("all") ? null : IpPrefix.parse(holds);
        return;
      }
      if (line.hasNonNull("checkpoint")) {
        if (keysKnown) {
          chain.add(CheckpointFile.parse(line.path("checkpoint").asText()));
        }
        return;
      }
      RangeId of = RangeId.parse(line.path("range").asText());
      if (!of.equals(range)) {
        end();
        if (!seen.add(of)) {
          throw new IllegalArgumentException("rows of range " + of + " do not stand together");
        }
        range = of;
        verification = new Verification(of, List.of(), chain.heads(of));
      }
      if (verification != null) {
        verification.add(
            new StoredRow(
                line.path("row").asLong(),
                line.path("format").asText(),
                line.path("bytes").binaryValue()));
      }
    }

    private void end() {
      if (verification != null) {
        add(verification.end());
      }
      verification = null;
    }

    private void add(Verdict verdict) {
      ObjectNode view = ranges.addObject();
      view.put("range", verdict.range().toString());
      view.put("intact", verdict.intact());
      view.put("intactRows", verdict.intactRows());
      view.put("discardedRows", verdict.discardedRows());
      view.put("lastRow", verdict.lastRow());
      view.put("revision", verdict.revision());
      view.put("hash", verdict.hash().toString());
      view.put("signedHeads", verdict.heads());
      view.put("faultCount", verdict.faultCount());
      ArrayNode faults = view.putArray("faults");
      for (Fault fault : verdict.faults()) {
        ObjectNode each = faults.addObject();
        each.put("kind", AuditEntry.word(fault.kind()));
        each.put("firstRow", fault.firstRow());
        each.put("lastRow", fault.lastRow());
        each.put("firstRevision", fault.firstRevision());
        each.put("lastRevision", fault.lastRevision());
        each.put("reason", fault.reason());
      }
    }
  }
}
