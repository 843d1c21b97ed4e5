/**
 * The entry point of the child JVM that runs a local Cassandra node. It is started by {@code
 * io.sterna.store.cassandra.LocalCassandra} and never shares a class path with the rest of Sterna.
 */
@NullMarked
package io.sterna.cassandra;

import org.jspecify.annotations.NullMarked;
