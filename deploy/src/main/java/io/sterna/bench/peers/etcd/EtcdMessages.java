package io.sterna.bench.peers.etcd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Messages of etcd's API v3 ({@code rpc.proto}, {@code kv.proto}), as far as we use them. Pure. */
final class EtcdMessages {
  static final String PUT = "/etcdserverpb.KV/Put";
  static final String TXN = "/etcdserverpb.KV/Txn";
  static final String WATCH = "/etcdserverpb.Watch/Watch";

  private static final int PUT_KEY = 1;
  private static final int PUT_VALUE = 2;
  private static final int TXN_SUCCESS = 2;
  private static final int OP_PUT = 2;
  private static final int WATCH_CREATE = 1;
  private static final int CREATE_KEY = 1;
  private static final int CREATE_RANGE_END = 2;
  private static final int RESPONSE_CREATED = 3;
  private static final int RESPONSE_CANCELED = 4;
  private static final int RESPONSE_EVENTS = 11;
  private static final int EVENT_KEY_VALUE = 2;
  private static final int KEY_VALUE_KEY = 1;
  private static final int KEY_VALUE_VALUE = 5;

  private EtcdMessages() {}

  /** A PutRequest. Keys and values are ASCII text. */
  static ByteBuffer put(String key, String value) {
    return putRequest(key, value).written();
  }

  /** A TxnRequest that puts all of them, in this order. */
  static ByteBuffer putAll(Map<String, String> values) {
    ProtobufWriter txn = new ProtobufWriter();
    values.forEach(
        (key, value) ->
            txn.message(TXN_SUCCESS, new ProtobufWriter().message(OP_PUT, putRequest(key, value))));
    return txn.written();
  }

  private static ProtobufWriter putRequest(String key, String value) {
    return new ProtobufWriter()
        .bytes(PUT_KEY, key.getBytes(StandardCharsets.US_ASCII))
        .bytes(PUT_VALUE, value.getBytes(StandardCharsets.US_ASCII));
  }

  /** A WatchRequest that asks for every change from now on of keys that begin so. */
  static ByteBuffer watch(String keysBegin) {
    byte[] prefix = keysBegin.getBytes(StandardCharsets.US_ASCII);
    byte[] end = prefix.clone();
    end[end.length - 1]++;
    ProtobufWriter create =
        new ProtobufWriter().bytes(CREATE_KEY, prefix).bytes(CREATE_RANGE_END, end);
    return new ProtobufWriter().message(WATCH_CREATE, create).written();
  }

  /** Hears what a WatchResponse holds. */
  interface WatchHandler {
    /** The watch stands: it will miss nothing from now on. */
    void created();

    /** A key has a new value; both are views. */
    void put(ByteBuffer key, ByteBuffer value);
  }

  /**
   * Reads a WatchResponse.
   *
   * @throws IOException if it is none, or says that the watch has ended
   */
  static void readWatch(ByteBuffer response, WatchHandler handler) throws IOException {
    ProtobufReader reader = new ProtobufReader(response);
    while (reader.next()) {
      switch (reader.field()) {
        case RESPONSE_CREATED -> handler.created();
        case RESPONSE_CANCELED -> throw new IOException("etcd canceled the watch");
        case RESPONSE_EVENTS -> readEvent(reader.value(), handler);
        default -> {}
      }
    }
  }

  private static void readEvent(ByteBuffer event, WatchHandler handler) throws IOException {
    ProtobufReader reader = new ProtobufReader(event);
    while (reader.next()) {
      if (reader.field() == EVENT_KEY_VALUE) {
        readKeyValue(reader.value(), handler);
      }
    }
  }

  private static void readKeyValue(ByteBuffer keyValue, WatchHandler handler) throws IOException {
    ByteBuffer key = ByteBuffer.allocate(0);
    ByteBuffer value = key;
    ProtobufReader reader = new ProtobufReader(keyValue);
    while (reader.next()) {
      if (reader.field() == KEY_VALUE_KEY) {
        key = reader.value();
      } else if (reader.field() == KEY_VALUE_VALUE) {
        value = reader.value();
      }
    }
    handler.put(key, value);
  }
}
