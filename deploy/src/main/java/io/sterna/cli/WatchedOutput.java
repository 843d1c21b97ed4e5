package io.sterna.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that knows whether all of what was written to it went through: writers keep it quiet.
 */
final class WatchedOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  WatchedOutput(OutputStream out) {
    super(out);
  }

  /** Whether something was lost that somebody waits for; who closes a pipe has read enough. */
  synchronized boolean lost() {
    IOException failed = failure;
    return failed != null && !"Broken pipe".equals(failed.getMessage());
  }

  @Override
  public synchronized void write(int one) throws IOException {
    try {
      out.write(one);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw noted(e);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw noted(e);
    }
  }

  private IOException noted(IOException e) {
    if (failure == null) {
      failure = e;
    }
    return e;
  }
}
