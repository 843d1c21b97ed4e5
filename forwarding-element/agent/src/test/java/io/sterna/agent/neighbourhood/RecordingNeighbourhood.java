package io.sterna.agent.neighbourhood;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A neighbourhood whose VMs are played by the test. */
public final class RecordingNeighbourhood implements Neighbourhood {
  private final List<IpAddress> probed = new CopyOnWriteArrayList<>();
  private final List<IpAddress> redirected = new CopyOnWriteArrayList<>();
  private volatile Consumer<Announcement> listener = announcement -> {};

  /** A VM says this. */
  public void announce(Announcement announcement) {
    listener.accept(announcement);
  }

  /** The addresses that were asked whether they are there. */
  public List<IpAddress> probed() {
    return probed;
  }

  /** The addresses of which everybody was told that they moved away. */
  public List<IpAddress> redirected() {
    return redirected;
  }

  @Override
  public void listen(Consumer<Announcement> newListener) {
    listener = newListener;
  }

  @Override
  public void probe(IpAddress address, MacAddress mac) {
    probed.add(address);
  }

  @Override
  public void redirect(IpAddress address) {
    redirected.add(address);
  }

  @Override
  public void close() {}
}
