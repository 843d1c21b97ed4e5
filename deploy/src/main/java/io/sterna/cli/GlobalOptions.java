package io.sterna.cli;

import java.net.URI;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options every command understands, before or after its name. */
public final class GlobalOptions {
  private OutputFormat output = OutputFormat.TABLE;
  private URI api = URI.create("http://127.0.0.1:8080");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean helpRequested;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show the version.")
  boolean versionRequested;

  @Option(
      names = "--output",
      paramLabel = "table|json|csv",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description =
          "How results are written: table (the default), json, or csv: the table's columns.")
  void setOutput(OutputFormat output) {
    this.output = output;
  }

  @Option(
      names = "--api",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:STERNA_API:-http://127.0.0.1:8080}",
      description =
          "HTTP API of any controller. Default: environment variable STERNA_API, else"
              + " http://127.0.0.1:8080.")
  void setApi(URI api) {
    this.api = api;
  }

  /** How results are written. */
  public OutputFormat output() {
    return output;
  }

  /** Where the HTTP API is. */
  public URI api() {
    return api;
  }
}
