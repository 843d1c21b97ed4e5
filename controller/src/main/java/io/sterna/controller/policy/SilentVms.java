package io.sterna.controller.policy;

import io.sterna.controller.policy.PolicySettings.SilenceRule;
import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * VMs that do not answer where they are bound: their bindings are inactive. Elements say so again
 * and again, so that a new owner learns it, and so that only what they say now can release an
 * address. At most one entry a binding; times are nanoseconds of any clock that does not go back.
 */
final class SilentVms {
  private final SilenceRule rule;

  /** In the order of the latest reports. */
  private final LinkedHashMap<IpAddress, Silence> silent = new LinkedHashMap<>();

  private record Silence(long sinceNanos, long reportedNanos, long version) {}

  SilentVms(SilenceRule rule) {
    this.rule = rule;
  }

  /** Whether it is time to give the VM up, if its element says once more that it is silent. */
  boolean isOver(IpAddress address, long nowNanos) {
    Silence silence = silent.get(address);
    return silence != null
        && adds(silence, nowNanos)
        && rule.releaseAfter()
            .filter(after -> nowNanos - silence.sinceNanos() >= after.toNanos())
            .isPresent();
  }

  /** Its element says that the VM is silent. */
  void reported(Binding binding, long nowNanos, List<Entry> audit) {
    Silence silence = silent.remove(binding.address());
    long since = silence != null && adds(silence, nowNanos) ? silence.sinceNanos() : nowNanos;
    silent.put(binding.address(), new Silence(since, nowNanos, binding.version()));
    if (silence == null) {
      audit.add(new Entry.Noted(binding.address(), Note.SILENT, binding.version()));
    }
  }

  /** Its element hears the VM. */
  void heard(Binding binding, List<Entry> audit) {
    if (!silent.isEmpty() && silent.remove(binding.address()) != null) {
      audit.add(new Entry.Noted(binding.address(), Note.HEARD_AGAIN, binding.version()));
    }
  }

  /** The binding changed: what was said about it is over. */
  void changed(IpAddress address) {
    if (!silent.isEmpty()) {
      silent.remove(address);
    }
  }

  /** Ends what nobody says any more, at most so many. */
  void sweep(long nowNanos, int max, List<Entry> audit) {
    for (int ended = 0; ended < max && !silent.isEmpty(); ended++) {
      Map.Entry<IpAddress, Silence> first = silent.entrySet().iterator().next();
      if (adds(first.getValue(), nowNanos)) {
        return;
      }
      silent.remove(first.getKey());
      audit.add(new Entry.Noted(first.getKey(), Note.SILENCE_LAPSED, first.getValue().version()));
    }
  }

  /** How long until the first lapses; {@link Long#MAX_VALUE} = nobody is silent. */
  long lapsesInNanos(long nowNanos) {
    return silent.isEmpty()
        ? Long.MAX_VALUE
        : silent.values().iterator().next().reportedNanos()
            + rule.reportGapMax().toNanos()
            - nowNanos;
  }

  boolean isSilent(IpAddress address) {
    return silent.containsKey(address);
  }

  int count() {
    return silent.size();
  }

  private boolean adds(Silence silence, long nowNanos) {
    return nowNanos - silence.reportedNanos() <= rule.reportGapMax().toNanos();
  }
}
