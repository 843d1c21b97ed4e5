package io.sterna.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options every command understands, before or after its name. */
public final class GlobalOptions {
  private OutputFormat output = OutputFormat.TABLE;
  private URI api = URI.create("http://127.0.0.1:8080");
  private @Nullable Path tokenFile;

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

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:STERNA_TOKEN_FILE:-}",
      description =
          "File with the token of an operator, where controllers ask for one to change something."
              + " Default: environment variable STERNA_TOKEN_FILE, else none.")
  void setTokenFile(String file) {
    this.tokenFile = file.isEmpty() ? null : Path.of(file);
  }

  /** How results are written. */
  public OutputFormat output() {
    return output;
  }

  /** Where the HTTP API is. */
  public URI api() {
    return api;
  }

  /** What an operator shows to change something. */
  Optional<Path> tokenFile() {
    return Optional.ofNullable(tokenFile);
  }
}
