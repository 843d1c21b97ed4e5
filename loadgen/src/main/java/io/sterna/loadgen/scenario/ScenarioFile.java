package io.sterna.loadgen.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a scenario. An unknown key or a bad value is one line, {@code file: key: reason}. */
public final class ScenarioFile {
  private static final int FES_MAX = 10_000;
  private static final int VMS_MAX = 10_000_000;
  private static final int IN_FLIGHT_MAX = 100_000;
  private static final long IN_FLIGHT_STANDARD = 500;
  private static final Duration APPLIED_STANDARD = Duration.ofMillis(25);
  private static final Duration DURATION_MIN = Duration.ofMillis(100);
  private static final int PREFIX_HOST_BITS_MAX = 62;

  private static final Set<String> KEYS =
      ordered(
          "controllers",
          "tls",
          "fes",
          "vms",
          "prefix",
          "arrival-rate-per-second",
          "mobility",
          "warm-up",
          "warm-up-rate-per-second",
          "settle",
          "duration",
          "seed",
          "claims-in-flight-max",
          "applied-interval",
          "followers",
          "stall");
  private static final Set<String> FOLLOWERS_KEYS = ordered("fes", "behind-max");
  private static final Set<String> STALL_KEYS = ordered("after", "lasts");
  private static final Set<String> TLS_KEYS = ordered("authority", "certificate-folder");

  private ScenarioFile() {}

  /**
   * Reads a file; relative paths in it start at its folder.
   *
   * @throws ScenarioException if it cannot be read or is no scenario
   */
  public static Scenario read(Path file) throws ScenarioException {
    Section root = Section.of(file, "", parse(file), KEYS);
    Section tls = root.section("tls", TLS_KEYS);
    IpPrefix prefix = root.parsed("prefix", IpPrefix::parse);
    int vms = (int) root.whole("vms", 1, VMS_MAX, null);
    checkRoom(root, prefix, vms);
    ArrivalRate rate = root.parsed("arrival-rate-per-second", ScenarioFile::rate);
    return new Scenario(
        root.list("controllers", ControllerAddress::parse),
        new Scenario.Tls(
            tls.parsed("authority", file::resolveSibling),
            tls.parsed("certificate-folder", file::resolveSibling)),
        (int) root.whole("fes", 2, FES_MAX, null),
        vms,
        prefix,
        rate,
        root.parsed("mobility", ScenarioFile::mobility),
        root.duration("warm-up", Duration.ZERO, Duration.ZERO),
        root.parsed("warm-up-rate-per-second", ScenarioFile::rate, rate),
        root.duration("settle", Duration.ZERO, Duration.ZERO),
        root.duration("duration", DURATION_MIN, null),
        root.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE, null),
        (int) root.whole("claims-in-flight-max", 1, IN_FLIGHT_MAX, IN_FLIGHT_STANDARD),
        root.duration("applied-interval", Duration.ZERO, APPLIED_STANDARD),
        followers(root, rate),
        stall(root));
  }

  private static Scenario.@Nullable Followers followers(Section root, ArrivalRate rate)
      throws ScenarioException {
    if (!root.has("followers")) {
      return null;
    }
    if (!rate.isMax()) {
      throw root.bad("followers", "only an arrival rate of max waits for anybody");
    }
    Section section = root.section("followers", FOLLOWERS_KEYS);
    int emulated = (int) root.whole("fes", 2, FES_MAX, null);
    List<FeId> fes = section.list("fes", FeId::new);
    for (int i = 1; i <= emulated; i++) {
      if (fes.contains(new FeId("fe" + i))) {
        throw section.bad("fes", "fe" + i + " is emulated here");
      }
    }
    // Beyond that, a VM could move again before its last move is installed.
    int most = Math.max(1, (int) root.whole("vms", 1, VMS_MAX, null) - 1);
    return new Scenario.Followers(fes, (int) section.whole("behind-max", 1, most, null));
  }

  private static Scenario.@Nullable Stall stall(Section root) throws ScenarioException {
    if (!root.has("stall")) {
      return null;
    }
    if (root.whole("fes", 2, FES_MAX, null) == 2) {
      throw root.bad("stall", "needs three elements: one that stalls, two that claim");
    }
    Section stall = root.section("stall", STALL_KEYS);
    Scenario.Stall read =
        new Scenario.Stall(
            stall.duration("after", Duration.ZERO, null),
            stall.duration("lasts", DURATION_MIN, null));
    Duration measured = root.duration("duration", DURATION_MIN, null);
    if (read.after().plus(read.lasts()).compareTo(measured) > 0) {
      throw root.bad("stall", "must end within the duration of " + measured.toMillis() + "ms");
    }
    return read;
  }

  private static JsonNode parse(Path file) throws ScenarioException {
    YAMLMapper mapper =
        YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
    try {
      return mapper.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ScenarioException(file, "line " + line, e.getOriginalMessage());
    } catch (NoSuchFileException e) {
      throw new ScenarioException(file, "", "does not exist");
    } catch (AccessDeniedException e) {
      throw new ScenarioException(file, "", "permission denied");
    } catch (CharacterCodingException e) {
      throw new ScenarioException(file, "", "is no text");
    } catch (IOException e) {
      throw new ScenarioException(file, "", "cannot be read: " + e.getMessage());
    }
  }

  private static void checkRoom(Section root, IpPrefix prefix, int vms) throws ScenarioException {
    int hostBits = prefix.address().bitLength() - prefix.length();
    if (hostBits < PREFIX_HOST_BITS_MAX && 1L << hostBits < vms) {
      throw root.bad("vms", prefix + " has " + (1L << hostBits) + " addresses only");
    }
  }

  private static ArrivalRate rate(String text) {
    if (text.equals("max")) {
      return ArrivalRate.MAX;
    }
    try {
      double rate = Double.parseDouble(text);
      if (Double.isFinite(rate) && rate > 0) {
        return new ArrivalRate(rate);
      }
    } catch (NumberFormatException e) {
      // The complaint below says what is expected.
    }
    throw new IllegalArgumentException("'" + text + "' is neither a number above 0 nor max");
  }

  private static Mobility mobility(String text) {
    for (Mobility each : Mobility.values()) {
      if (each.toString().equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not one of " + List.of(Mobility.values()));
  }

  private static Set<String> ordered(String... keys) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(keys)));
  }
}
