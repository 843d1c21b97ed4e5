/** A whole Sterna on one machine: sites as network namespaces, and everything that runs in them. */
@NullMarked
package io.sterna.lab;

import org.jspecify.annotations.NullMarked;
