/** What the controllers said should be forwarded where. Pure: no Akka, no clock, no I/O. */
@NullMarked
package io.sterna.agent.table;

import org.jspecify.annotations.NullMarked;
