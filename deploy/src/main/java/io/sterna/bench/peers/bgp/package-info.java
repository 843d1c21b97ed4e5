/** The little of BGP-4 (RFC 4271) that a source and a reader of host routes need. */
@NullMarked
package io.sterna.bench.peers.bgp;

import org.jspecify.annotations.NullMarked;
