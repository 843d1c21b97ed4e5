package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import java.util.Map;

/** Something that a user would pick instead of Sterna. */
public interface Peer {
  /** As figures are named after it. */
  String peerName();

  /** What a figure should say: how it is configured, what it keeps, how receivers are made. */
  Map<String, Object> conditions(Reach reach);

  /** Changes that are on their way at a time, where there are so many addresses. */
  int onTheirWay(int vms);

  /**
   * Starts it.
   *
   * @param receivers how many
   * @throws LabException if it does not come up; then nothing of it is left
   */
  StandingPeer stand(PeerSite site, AddressPlan plan, int receivers, Reach reach)
      throws LabException;
}
