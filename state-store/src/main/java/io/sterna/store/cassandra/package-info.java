/**
 * Cassandra: schema, configuration of Akka's persistence plugin and of the driver, epochs, and the
 * launcher of a local node. An external cluster is the same code with other contact points.
 */
@NullMarked
package io.sterna.store.cassandra;

import org.jspecify.annotations.NullMarked;
