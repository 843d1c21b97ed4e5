package io.sterna.loadgen.link;

import java.nio.ByteBuffer;

/** Buffers that all channels of a loop share: a channel at rest holds none of its own. */
final class Scratch {
  private static final int CIPHER_BYTES = 256 << 10;
  private static final int PLAIN_BYTES = 64 << 10;

  /** What came from a socket; where sockets and BoringSSL take it without a copy. */
  final ByteBuffer cipherIn = ByteBuffer.allocateDirect(CIPHER_BYTES);

  /** What goes to a socket. */
  final ByteBuffer cipherOut = ByteBuffer.allocateDirect(CIPHER_BYTES);

  /** One decrypted record. */
  final byte[] plainIn = new byte[PLAIN_BYTES];
}
