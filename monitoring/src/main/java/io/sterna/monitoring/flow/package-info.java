/** What switches and routers export of flows, taken in as if a host had counted it. */
@NullMarked
package io.sterna.monitoring.flow;

import org.jspecify.annotations.NullMarked;
