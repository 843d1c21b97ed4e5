/** The sites of the lab without a kernel: for machines without root or namespaces. */
@NullMarked
package io.sterna.lab.emulated;

import org.jspecify.annotations.NullMarked;
