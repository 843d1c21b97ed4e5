/** The processes of a lab: Cassandra, controllers, agents; and their API. */
@NullMarked
package io.sterna.lab.process;

import org.jspecify.annotations.NullMarked;
