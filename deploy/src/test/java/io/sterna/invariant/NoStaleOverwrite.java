package io.sterna.invariant;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an element holds never goes back: neither epochs, nor revisions, nor the version of an
 * address. Revisions do not even across epochs, because nobody is told what a successor may not
 * have read. And no claim is accepted that had seen less than what stood.
 */
public final class NoStaleOverwrite {
  private record Key(FeId fe, RangeId range) {}

  private record Held(FeId fe, IpAddress address) {}

  private final Map<Key, RangePosition> positions = new HashMap<>();
  private final Map<Held, Long> versions = new HashMap<>();

  /** An element lost its memory: what it hears next is compared with nothing. */
  public void forget(FeId fe) {
    positions.keySet().removeIf(key -> key.fe().equals(fe));
    versions.keySet().removeIf(key -> key.fe().equals(fe));
  }

  /** An element holds this now; says what went back. */
  public List<String> held(FeId fe, RangePosition position, Collection<Binding> bindings) {
    List<String> wrong = new ArrayList<>();
    RangePosition before = positions.put(new Key(fe, position.range()), position);
    if (before != null
        && (position.epoch() < before.epoch() || position.revision() < before.revision())) {
      wrong.add(fe + " went back from " + at(before) + " to " + at(position));
    }
    for (Binding binding : bindings) {
      Long old = versions.put(new Held(fe, binding.address()), binding.version());
      if (old != null && binding.version() < old) {
        wrong.add(fe + " held version " + old + ", and now " + binding);
      }
    }
    return wrong;
  }

  /** Says which changes of these rows were decided on old knowledge, or out of turn. */
  public static List<String> checkHistory(Collection<? extends RangeEvent> rows) {
    Map<IpAddress, Long> standing = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (RangeEvent row : rows) {
      if (row instanceof RangeCommitted committed) {
        for (Entry entry : committed.entries()) {
          if (entry instanceof Entry.Change change) {
            wrong.addAll(decision(standing, change));
          }
        }
      }
    }
    return wrong;
  }

  private static List<String> decision(Map<IpAddress, Long> standing, Entry.Change bound) {
    Binding binding = bound.binding();
    Long old = standing.put(binding.address(), binding.version());
    long before = old == null ? 0 : old;
    if (binding.version() != before + 1) {
      return List.of(binding + " follows version " + before);
    }
    return bound.seenVersion() == before
        ? List.of()
        : List.of(binding + " was claimed by who had seen version " + bound.seenVersion());
  }

  private static String at(RangePosition position) {
    return "epoch " + position.epoch() + " revision " + position.revision();
  }
}
