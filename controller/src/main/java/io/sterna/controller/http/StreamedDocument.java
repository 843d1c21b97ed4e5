package io.sterna.controller.http;

import akka.NotUsed;
import akka.japi.pf.PFBuilder;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An object with a list of any length, which comes piece by piece. It is JSON however it ends: what
 * goes wrong when a part of the list is out already is said behind it, as {@code "error"}.
 */
final class StreamedDocument {
  private static final Object END = new Object();

  private final Answers answers;
  private String separator;
  private String close = "]}";

  private StreamedDocument(String open, Answers answers) {
    this.separator = open;
    this.answers = answers;
  }

  /**
   * @param open the document up to the bracket of the list
   * @param rows several at a time: a chunk of its own for each costs more than all the rest
   */
  static Source<ByteString, NotUsed> of(
      String open, Source<List<?>, NotUsed> rows, Answers answers) {
    return rows.filterNot(List::isEmpty)
        .<Object>map(some -> some)
        .recover(new PFBuilder<Throwable, Object>().matchAny(RecordFailure::ending).build())
        .concat(Source.single(END))
        .statefulMapConcat(
            () -> {
              StreamedDocument document = new StreamedDocument(open, answers);
              return document::chunks;
            });
  }

  private List<ByteString> chunks(Object next) {
    if (next instanceof Answers.ApiError error) {
      String text = new String(answers.write(error), StandardCharsets.UTF_8);
      close = "],\"error\":" + text + "}";
      return List.of();
    }
    ByteString before =
        ByteString.fromString(next.equals(END) && separator.equals(",") ? "" : separator);
    separator = ",";
    if (next.equals(END)) {
      return List.of(before.concat(ByteString.fromString(close)));
    }
    ByteString array = ByteString.fromArrayUnsafe(answers.write(next));
    return List.of(before.concat(array.slice(1, array.size() - 1)));
  }
}
