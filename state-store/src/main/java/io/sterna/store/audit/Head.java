package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;

/** Where a range was, as somebody testifies. */
public record Head(RangeId range, long epoch, long revision, ChainHash hash) {}
