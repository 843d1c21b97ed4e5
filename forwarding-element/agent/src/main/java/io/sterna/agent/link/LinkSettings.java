package io.sterna.agent.link;

import java.time.Duration;
import java.util.List;

/**
 * How the sessions to the controllers are kept.
 *
 * @param controllers where to look for the first controllers; they name the others
 * @param connectTimeout how long a TCP connection may take
 * @param handshakeTimeout how long TLS may take after that
 * @param heartbeatInterval how often each session shows that this element is there
 * @param silenceLimit a session that says nothing for so long is dead
 * @param reconnectMin how long the first wait before connecting again is; doubled each time
 * @param reconnectMax the longest such wait
 * @param outgoingMax messages that may wait for a controller that reads slowly
 * @param appliedInterval installed positions are collected for this long, then sent together
 * @param resyncPatience how long a snapshot is awaited before it is asked for again
 * @param tickInterval how often what is due is looked for
 * @param urgentChangesMax a delta with more changes than this is bulk
 * @param announcementsMax announcements that may wait to be looked at; VMs repeat them
 */
public record LinkSettings(
    List<ControllerAddress> controllers,
    Duration connectTimeout,
    Duration handshakeTimeout,
    Duration heartbeatInterval,
    Duration silenceLimit,
    Duration reconnectMin,
    Duration reconnectMax,
    int outgoingMax,
    Duration appliedInterval,
    Duration resyncPatience,
    Duration tickInterval,
    int urgentChangesMax,
    int announcementsMax) {
  /**
   * @throws IllegalArgumentException if there is no controller
   */
  public LinkSettings {
    controllers = List.copyOf(controllers);
    if (controllers.isEmpty()) {
      throw new IllegalArgumentException("at least one controller is needed");
    }
  }
}
