package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.sterna.protocol.tls.PeerName;

/** A TLS connection of an element as its {@link Session} sees it. Thread-safe. */
interface Connection {
  /** Who the element's certificate says it is. */
  PeerName peer();

  /** Where the element is, for people. */
  String remote();

  /** Messages, and the end of the connection, are told to this session from now on. */
  void listen(ActorRef<SessionCommand> session);

  /** The session has taken messages it was told: {@link Session.Received}, once for each. */
  void taken();

  /**
   * Collects whole frames; they leave with the next {@link #flush}, all together.
   *
   * @return false if more was waiting already than one element may cost, and the message with which
   *     it became more
   */
  boolean write(ByteString frames);

  /** Sends what was collected, at once or together with what follows within some milliseconds. */
  void flush();

  /** Whether what was collected so far leaves even if nobody flushes again. */
  boolean isFlushDue();

  /**
   * Whether more waits than an element that keeps up leaves. Then {@link Session.Drained} follows
   * when it has read nearly all of it, or sooner.
   */
  boolean isCongested();

  /** Ends the connection. */
  void close();
}
