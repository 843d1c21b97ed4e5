package io.sterna.cli;

import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
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
    int names = commands.keySet().stream().mapToInt(String::length).max().orElse(0) + INDENT;
    int width = help.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(names, INDENT, Overflow.SPAN),
            new Column(width - names, INDENT, Overflow.WRAP));
    table.setAdjustLineBreaksForWideCJKCharacters(false);
    commands.forEach((name, each) -> table.addRowValues(name, summary(each)));
    return table.toString();
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
