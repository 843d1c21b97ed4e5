/** Sessions over TLS for many elements on one thread: the only place that touches the wire. */
@NullMarked
package io.sterna.loadgen.link;

import org.jspecify.annotations.NullMarked;
