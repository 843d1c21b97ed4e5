/**
 * What an address range persists: journal rows and snapshots.
 *
 * <p>Pure values. They are never sent to anybody as they are: the southbound protocol has its own
 * messages, so that either can change without the other.
 */
@NullMarked
package io.sterna.store.event;

import org.jspecify.annotations.NullMarked;
