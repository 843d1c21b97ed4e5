/** The story: a VM moves and keeps its connections, a controller dies, nothing is forgotten. */
@NullMarked
package io.sterna.lab.story;

import org.jspecify.annotations.NullMarked;
