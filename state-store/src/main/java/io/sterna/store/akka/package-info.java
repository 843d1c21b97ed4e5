/** Akka's way to the bytes of rows and snapshots. */
@NullMarked
package io.sterna.store.akka;

import org.jspecify.annotations.NullMarked;
