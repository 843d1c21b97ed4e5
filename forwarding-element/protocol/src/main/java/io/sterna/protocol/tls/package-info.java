/**
 * Who speaks on a southbound session: mutual TLS 1.3 with certificates of one private authority.
 *
 * <p>JDK only. A certificate names its holder in one subject alternative name of type URI, {@code
 * urn:sterna:fe:ID} or {@code urn:sterna:controller:ID}. That name takes the place of the usual
 * host name check: forwarding elements and controllers are known by their ids, may share an
 * address, may stand behind address translation and may change their address, while the authority
 * signs nothing but Sterna's own parts.
 */
@NullMarked
package io.sterna.protocol.tls;

import org.jspecify.annotations.NullMarked;
