/** Who sends how much to whom here: counted, and reported to the controllers. */
@NullMarked
package io.sterna.agent.telemetry;

import org.jspecify.annotations.NullMarked;
