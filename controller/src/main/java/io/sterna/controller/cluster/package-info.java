/** What the controllers of a cluster know of each other, and how they talk. */
@NullMarked
package io.sterna.controller.cluster;

import org.jspecify.annotations.NullMarked;
