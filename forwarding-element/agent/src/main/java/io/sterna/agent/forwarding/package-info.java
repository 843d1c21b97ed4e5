/** The port to whatever forwards packets: routes, next hops and what became of a write. Pure. */
@NullMarked
package io.sterna.agent.forwarding;

import org.jspecify.annotations.NullMarked;
