package io.sterna.cli;

import java.nio.file.Path;

final class RoleProcesses implements Roles {
  RoleProcesses(Terminal terminal) {}

  @Override
  public void controller(Path config) throws ConfigFileException, OperationFailedException {}

  @Override
  public void forwardingElement(Path config) throws ConfigFileException, OperationFailedException {}

  @Override
  public void cassandra(CassandraCommand.Node node) throws OperationFailedException {}

  @Override
  public String check(Path config) throws ConfigFileException {
    return "";
  }
}
