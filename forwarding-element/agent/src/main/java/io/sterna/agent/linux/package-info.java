/** The kernel's forwarding tables, bridge and packet sockets. */
@NullMarked
package io.sterna.agent.linux;

import org.jspecify.annotations.NullMarked;
