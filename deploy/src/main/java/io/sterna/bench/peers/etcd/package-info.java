/**
 * The little of etcd's API that a writer and a watcher need: gRPC over one HTTP/2 connection each.
 *
 * <p>Not etcd's JSON gateway: it is a proxy inside etcd that would be charged to etcd's account.
 */
@NullMarked
package io.sterna.bench.peers.etcd;

import org.jspecify.annotations.NullMarked;
