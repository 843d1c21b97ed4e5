package io.sterna.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar this runs from. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "sterna " + (version == null ? "(not from a distribution)" : version),
      "java " + Runtime.version()
    };
  }
}
