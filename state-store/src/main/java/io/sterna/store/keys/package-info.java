/** The keys that sign and check what the audit says, as files. */
@NullMarked
package io.sterna.store.keys;

import org.jspecify.annotations.NullMarked;
