package io.sterna.controller.cluster;

/** Marks what controllers send to each other: bound to {@link ClusterMessageSerializer}. */
public interface ClusterMessage {}
