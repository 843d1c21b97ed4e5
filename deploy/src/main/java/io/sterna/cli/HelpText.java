package io.sterna.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How help is laid out where it is done better than by default: lists of commands say one whole
 * sentence of each, and examples stay lines that can be copied, however wide.
 */
final class HelpText {
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=\\.)\\s+(?=[A-Z])");
  private static final int INDENT = 2;

  private HelpText() {}

  /** For a command and all below it. */
  static CommandLine applyTo(CommandLine line) {
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpText::commands);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpText::footer);
    line.getSubcommands().values().forEach(HelpText::applyTo);
    return line;
  }

  private static String commands(Help help) {
    Map<String, Help> commands = help.subcommands();
    if (commands.isEmpty()) {
      return "";
    }
    int names = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    int width = help.commandSpec().usageMessage().width() - names - 2 * INDENT;
    StringBuilder list = new StringBuilder();
    commands.forEach(
        (name, each) -> {
          String lead = name;
          for (String line : wrapped(summary(each), width)) {
            list.append(" ".repeat(INDENT))
                .append(lead)
                .append(" ".repeat(names - lead.length() + INDENT))
                .append(line)
                .append(System.lineSeparator());
            lead = "";
          }
        });
    return list.toString();
  }

  /** Lines of whole words; a word that is wider than a line is one. */
  static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String summary(Help command) {
    return firstSentence(
        String.join(" ", command.commandSpec().usageMessage().description()).replace("%%", "%"));
  }

  static String firstSentence(String text) {
    return SENTENCE_END.split(text, 2)[0];
  }

  private static String footer(Help help) {
    StringBuilder footer = new StringBuilder();
    for (String each : help.commandSpec().usageMessage().footer()) {
      footer.append(each.replace("%%", "%")).append(System.lineSeparator());
    }
    return footer.toString();
  }
}
