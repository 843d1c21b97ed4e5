/**
 * The certificate authority of a Sterna network: a private key in a folder, nothing more. It signs
 * the names that {@code io.sterna.protocol.tls} reads.
 */
@NullMarked
package io.sterna.ca;

import org.jspecify.annotations.NullMarked;
