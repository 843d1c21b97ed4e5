package io.sterna.loadgen.scenario;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does. The same scenario and seed make the same events at the same times; at a rate of
 * {@code max}, and after a warm-up at that rate, the same moves in the same order, but how many of
 * them come before measuring depends on how fast they are answered.
 *
 * @param controllers where the elements connect first; they learn the others
 * @param tls the certificates
 * @param fes emulated elements, named {@code fe1}, {@code fe2} and so on; 2 at least
 * @param vms VMs, spread evenly over the prefix
 * @param prefix a prefix that the controllers know as mobile
 * @param arrivalRate announcements per second, of all elements together
 * @param mobility who moves where
 * @param warmUp how long events flow before they are measured
 * @param warmUpRate announcements per second until then; if it differs, all is quiet in between
 * @param settle how long events then flow at the arrival rate before they are measured
 * @param duration how long events are measured
 * @param seed decides times and moves
 * @param claimsInFlightMax claims that an element has sent and that are not answered
 * @param appliedInterval how long an element collects positions before it reports them
 * @param followers elements that a rate of {@code max} waits for; null = nobody is waited for
 * @param stall what the last element does to itself; null = nothing
 */
public record Scenario(
    List<ControllerAddress> controllers,
    Tls tls,
    int fes,
    int vms,
    IpPrefix prefix,
    ArrivalRate arrivalRate,
    Mobility mobility,
    Duration warmUp,
    ArrivalRate warmUpRate,
    Duration settle,
    Duration duration,
    long seed,
    int claimsInFlightMax,
    Duration appliedInterval,
    @Nullable Followers followers,
    @Nullable Stall stall) {

  public Scenario {
    controllers = List.copyOf(controllers);
  }

  /** Elements that claim: all, but for one that stalls. */
  public int claimants() {
    return stall == null ? fes : fes - 1;
  }

  /**
   * Elements that are not emulated here and follow what happens here. At a rate of {@code max} a VM
   * appears somewhere only if they may be no further behind than this.
   *
   * @param fes their names
   * @param behindMax changes that the slowest of them has not installed, those that are not
   *     acknowledged yet included
   */
  public record Followers(List<FeId> fes, int behindMax) {
    public Followers {
      fes = List.copyOf(fes);
    }
  }

  /**
   * The last element claims nothing in the whole run, and for some time it reads nothing, while its
   * heartbeats go on.
   *
   * @param after when, from the beginning of the measured time
   * @param lasts for how long
   */
  public record Stall(Duration after, Duration lasts) {}

  /**
   * Where the certificates are.
   *
   * @param authority the authority's certificate
   * @param certificateFolder {@code fe1.pem}, {@code fe1.key} and so on
   */
  public record Tls(Path authority, Path certificateFolder) {}
}
