/** A span of the record is read, and told to emulated elements at its pace or faster. */
@NullMarked
package io.sterna.replay;

import org.jspecify.annotations.NullMarked;
