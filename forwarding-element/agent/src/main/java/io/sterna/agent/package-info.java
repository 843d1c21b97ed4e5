/** The forwarding element's agent: its settings and its life. */
@NullMarked
package io.sterna.agent;

import org.jspecify.annotations.NullMarked;
