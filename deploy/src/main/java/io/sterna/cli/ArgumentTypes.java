package io.sterna.cli;

import io.sterna.controller.audit.EntryId;
import io.sterna.controller.audit.Moments;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.event.Order;
import io.sterna.store.plan.PlanId;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What arguments mean, judged before anything is asked, and by what the controllers judge them
 * with: a slip of the pen is bad usage, whether or not one can be reached.
 */
final class ArgumentTypes {
  private ArgumentTypes() {}

  /** For a command and all below it. */
  static CommandLine registerOn(CommandLine line) {
    return line.registerConverter(FeId.class, converter(FeId::new))
        .registerConverter(SiteId.class, converter(SiteId::new))
        .registerConverter(ControllerId.class, converter(ControllerId::new))
        .registerConverter(IpAddress.class, converter(IpAddress::parse))
        .registerConverter(IpPrefix.class, converter(IpPrefix::parse))
        .registerConverter(PlanId.class, converter(PlanId::parse))
        .registerConverter(EntryId.class, converter(EntryId::parse))
        .registerConverter(URI.class, ArgumentTypes::uri)
        .registerConverter(Days.class, converter(Days::parse));
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
    return text -> converted(text, parse);
  }

  private static <T> T converted(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new TypeConversionException("'" + text + "' is not an address like http://HOST:PORT");
    }
  }

  /** What an authority calls itself. */
  static final class CommonName implements ITypeConverter<String> {
    /** Of a common name (RFC 5280, ub-common-name). */
    private static final int CHARS_MAX = 64;

    @Override
    public String convert(String text) {
      boolean fits =
          text.length() <= CHARS_MAX && text.codePoints().noneMatch(Character::isISOControl);
      if (text.isBlank() || !fits) {
        throw new TypeConversionException(
            "'%s' is not 1 to %d characters of one line".formatted(text, CHARS_MAX));
      }
      return text;
    }
  }

  /** A name of a host, as certificates have it. */
  static final class HostName implements ITypeConverter<String> {
    private static final Pattern LABELS =
        Pattern.compile(
            "(?!.{254})(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");

    @Override
    public String convert(String text) {
      if (!LABELS.matcher(text).matches()) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is not a host name: a-z, 0-9, _ and inner hyphens between dots, at most after *.");
      }
      return text;
    }
  }

  /** A time, handed on as it was written: how long ago counts from the controller's clock. */
  static final class Time implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      converted(text, each -> Moments.parse(each, InstantSource.system().instant()));
      return text;
    }
  }

  /** Why an operator does something, in his own words. */
  static final class Why implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return converted(text, each -> new Order(Order.ANONYMOUS, "", each.strip(), 0).why());
    }
  }

  /** A number from 1 on. */
  static final class Count implements ITypeConverter<Integer> {
    static final int MAX = 999_999_999;

    @Override
    public Integer convert(String text) {
      return number(text, MAX);
    }
  }

  /** How many pairs of traffic are listed. */
  static final class PairCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return number(text, TrafficCommand.ROWS_MAX);
    }
  }

  private static int number(String text, int max) {
    if (text.matches("\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw new TypeConversionException("'" + text + "' is not between 1 and " + max);
  }

  /** What caused an entry of the record. */
  static final class Cause extends Word {
    Cause() {
      super(AuditEntry.causes());
    }
  }

  /** Why something was refused, or what showed it. */
  static final class Reason extends Word {
    Reason() {
      super(AuditEntry.reasons());
    }
  }

  /** What an entry of the record says. */
  static final class What extends Word {
    What() {
      super(AuditEntry.whats());
    }
  }

  /** A word of a closed list, whatever its case. */
  abstract static class Word implements ITypeConverter<String> {
    private final List<String> known;

    Word(List<String> known) {
      this.known = known;
    }

    @Override
    public String convert(String text) {
      String word = text.toLowerCase(Locale.ROOT);
      if (!known.contains(word)) {
        throw new TypeConversionException(
            "'%s' is none of %s".formatted(text, String.join(", ", known)));
      }
      return word;
    }
  }
}
