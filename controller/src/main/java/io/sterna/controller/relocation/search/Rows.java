package io.sterna.controller.relocation.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds compressed sparse rows from edges in any order; what is there several times is added up.
 */
final class Rows {
  final int[] start;
  final int[] peers;
  final double[] out;
  final double @Nullable [] in;
  private final int[] end;

  /**
   * @param degrees of each vertex, with repetitions
   */
  Rows(int[] degrees, boolean symmetric) {
    start = new int[degrees.length + 1];
    for (int v = 0; v < degrees.length; v++) {
      start[v + 1] = Math.addExact(start[v], degrees[v]);
    }
    int places = start[degrees.length];
    end = Arrays.copyOf(start, degrees.length);
    peers = new int[places];
    out = new double[places];
    in = symmetric ? null : new double[places];
  }

  void add(int vertex, int peer, double sends, double hears) {
    int place = end[vertex]++;
    peers[place] = peer;
    if (in == null) {
      out[place] = sends + hears;
    } else {
      out[place] = sends;
      in[place] = hears;
    }
  }

  /** The rows, each neighbour once. Nothing may be added any more. */
  Graph merged(
      int[] vms, long[] memoryMib, boolean[] movable, int[] groups, double @Nullable [] linear) {
    int size = vms.length;
    int[] placeOf = new int[size];
    Arrays.fill(placeOf, -1);
    int[] newStart = new int[size + 1];
    int next = 0;
    for (int v = 0; v < size; v++) {
      newStart[v] = next;
      for (int i = start[v]; i < end[v]; i++) {
        int place = placeOf[peers[i]];
        if (place >= newStart[v]) {
          out[place] += out[i];
          if (in != null) {
            in[place] += in[i];
          }
          continue;
        }
        placeOf[peers[i]] = next;
        peers[next] = peers[i];
        out[next] = out[i];
        if (in != null) {
          in[next] = in[i];
        }
        next++;
      }
    }
    newStart[size] = next;
    return new Graph(
        newStart,
        Arrays.copyOf(peers, next),
        Arrays.copyOf(out, next),
        in == null ? null : Arrays.copyOf(in, next),
        vms,
        memoryMib,
        movable,
        groups,
        linear);
  }
}
