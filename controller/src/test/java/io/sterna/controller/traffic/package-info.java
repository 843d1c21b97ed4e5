/** Tests of the collector of traffic. */
@NullMarked
package io.sterna.controller.traffic;

import org.jspecify.annotations.NullMarked;
