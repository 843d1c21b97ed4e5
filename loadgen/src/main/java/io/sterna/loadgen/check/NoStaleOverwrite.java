package io.sterna.loadgen.check;

/** No version that an element has heard, and no version that was acknowledged, ever went back. */
public final class NoStaleOverwrite implements Check {
  @Override
  public Verdict judge(Observed observed) {
    return observed.wentBack().verdict("NoStaleOverwrite");
  }
}
