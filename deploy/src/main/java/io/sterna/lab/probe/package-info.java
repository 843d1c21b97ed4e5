/** Probes through the data plane, what became of each, and when routes were installed. */
@NullMarked
package io.sterna.lab.probe;

import org.jspecify.annotations.NullMarked;
