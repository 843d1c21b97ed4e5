/**
 * Real faults: controllers, Cassandra and a load in network namespaces of their own, what breaks,
 * and what must hold.
 */
@NullMarked
package io.sterna.lab.fault;

import org.jspecify.annotations.NullMarked;
