package io.sterna.cli;

import io.sterna.store.cassandra.NodeSettings;
import java.nio.file.Path;

/** What long-running commands start. Each call returns when the role has ended. */
interface Roles {
  /** Runs a controller until it is told to stop. */
  void controller(Path config) throws ConfigFileException, OperationFailedException;

  /** Runs a forwarding element until it is told to stop. */
  void forwardingElement(Path config) throws ConfigFileException, OperationFailedException;

  /** Runs a local Cassandra node until it is told to stop. */
  void cassandra(NodeSettings node) throws OperationFailedException;

  /** Checks a file as the role would, short of starting it. Returns what it configures. */
  String check(Path config) throws ConfigFileException;
}
