/** Sessions of forwarding elements: the only place of a controller that touches the wire. */
@NullMarked
package io.sterna.controller.southbound;

import org.jspecify.annotations.NullMarked;
