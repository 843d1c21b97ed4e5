package io.sterna.lab.story;

import java.util.Locale;

/** The human form of the moves: a line each, in columns. Pure. */
final class MoveTable {
  private MoveTable() {}

  static String heading() {
    return "move  from  -> to      probes  lost  (unplugged: lost,     ms)  longest gap ms"
        + "  announced -> installed ms  TCP";
  }

  static String line(MoveResult move) {
    return String.format(
        Locale.ROOT,
        "%4d  %-5s -> %-5s  %7d  %4d  %16d  %7.1f   %13.0f  %25.1f  %s",
        move.number(),
        move.from(),
        move.to(),
        move.sent(),
        move.lost(),
        move.lostUnplugged(),
        move.unpluggedMs(),
        move.longestGapMs(),
        move.announceToInstalledMs(),
        move.streamsSurvived() ? "survived" : "broke");
  }
}
