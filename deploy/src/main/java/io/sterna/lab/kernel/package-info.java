/**
 * What the lab asks of the kernel by itself: moving a link, watching links and routes. Independent
 * of the agent's drivers, so that it can observe them.
 */
@NullMarked
package io.sterna.lab.kernel;

import org.jspecify.annotations.NullMarked;
