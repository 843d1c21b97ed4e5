/** The sessions to the controllers: the only place of the agent that touches the wire. */
@NullMarked
package io.sterna.agent.link;

import org.jspecify.annotations.NullMarked;
