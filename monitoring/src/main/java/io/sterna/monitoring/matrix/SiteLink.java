package io.sterna.monitoring.matrix;

import io.sterna.protocol.SiteId;

/** From one site to another. */
public record SiteLink(SiteId from, SiteId to) {}
