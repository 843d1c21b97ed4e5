/** Who sends how much to whom, over all hosts: one collector in the whole cluster. */
@NullMarked
package io.sterna.controller.traffic;

import org.jspecify.annotations.NullMarked;
