/**
 * What a user would pick instead of Sterna, each with its receivers in network namespaces of their
 * own, and what drives all of them alike. Knows nothing of how Sterna itself is measured.
 */
@NullMarked
package io.sterna.bench.peers;

import org.jspecify.annotations.NullMarked;
