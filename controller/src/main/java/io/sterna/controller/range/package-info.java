/** What a range decides and holds. Pure: no Akka, no clock, no input or output. */
@NullMarked
package io.sterna.controller.range;

import org.jspecify.annotations.NullMarked;
