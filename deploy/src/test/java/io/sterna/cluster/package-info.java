/** Several controllers in one process: what a debugger can follow from claim to route. */
@NullMarked
package io.sterna.cluster;

import org.jspecify.annotations.NullMarked;
