package io.sterna.store.audit;

import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.codec.SignedText;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes that bring the table of a range back to a past moment, in order of address.
 *
 * <p>What a binding is worth is where it leads: an address that moved away and back needs no
 * change, although its version is another. Versions never go back; each change is made on the
 * version that stands, and gets the next.
 *
 * <p>The same rows give the same plan, whenever and wherever it is made: a plan that was shown can
 * be made again from the row up to which it was read, and known by its digest.
 *
 * @param row the last row that was read; 0 = none
 * @param steps at most one an address
 */
public record RestorePlan(long row, List<Step> steps) {
  private static final int DIGEST_BYTES = 16;

  public RestorePlan {
    steps = List.copyOf(steps);
  }

  /**
   * A change.
   *
   * @param now where the address is attached; null = nowhere
   * @param then where it was attached, and is to be again; null = nowhere
   * @param version the version of the address now; 0 = it was never bound
   */
  public record Step(
      IpAddress address, @Nullable Binding now, @Nullable Binding then, long version) {
    @Override
    public String toString() {
      return address + " " + version + " " + place(now) + " " + place(then);
    }

    private static String place(@Nullable Binding binding) {
      return binding == null ? "-" : binding.fe() + "/" + binding.mac();
    }
  }

  /**
   * Plans for what is on record.
   *
   * @param record from the first row on
   * @param then where the table ends that is brought back
   * @param lastRow up to which row it is read; the table after it is that of now
   * @param prefix only addresses in it; empty = all
   */
  public static RestorePlan of(
      Iterator<Recorded> record, PastTable.End then, long lastRow, Optional<IpPrefix> prefix) {
    Map<IpAddress, Binding> now = new HashMap<>();
    Map<IpAddress, Optional<Binding>> before = new HashMap<>();
    boolean over = false;
    long row = 0;
    while (record.hasNext()) {
      Recorded next = record.next();
      if (next.number() > lastRow) {
        break;
      }
      row = next.number();
      over = over || then.test(next);
      if (next.row() instanceof RangeCommitted committed) {
        for (Entry entry : committed.entries()) {
          if (entry instanceof Entry.Change change) {
            Binding binding = change.binding();
            Binding old = now.put(binding.address(), binding);
            if (over && prefix.map(p -> p.contains(binding.address())).orElse(true)) {
              before.putIfAbsent(binding.address(), Optional.ofNullable(old));
            }
          }
        }
      }
    }
    return new RestorePlan(row, steps(now, before));
  }

  private static List<Step> steps(
      Map<IpAddress, Binding> now, Map<IpAddress, Optional<Binding>> before) {
    List<Step> steps = new ArrayList<>();
    before.forEach(
        (address, old) -> {
          Binding standing = now.get(address);
          Binding is = attached(standing);
          Binding was = attached(old.orElse(null));
          if (standing != null && !leadsTheSameWay(is, was)) {
            steps.add(new Step(address, is, was, standing.version()));
          }
        });
    steps.sort(Comparator.comparing(Step::address));
    return steps;
  }

  private static @Nullable Binding attached(@Nullable Binding binding) {
    return binding == null || binding.isReleased() ? null : binding;
  }

  private static boolean leadsTheSameWay(@Nullable Binding one, @Nullable Binding other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.fe().equals(other.fe()) && one.mac().equals(other.mac());
  }

  /**
   * The same for the same changes from the same state, for the same moment and addresses, and for
   * nothing else.
   *
   * @param atMillis the moment that is brought back
   * @param prefix only addresses in it; empty = all
   */
  public String digest(long atMillis, Optional<IpPrefix> prefix) {
    MessageDigest digest = sha256();
    String all = prefix.map(IpPrefix::toString).orElse("-");
    digest.update(SignedText.bytes(atMillis + " " + all + "\n"));
    for (Step step : steps) {
      digest.update(SignedText.bytes(step + "\n"));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
