package io.sterna.protocol;

/**
 * Where the tunnels to a forwarding element end.
 *
 * @param fe the forwarding element
 * @param site the site it stands in
 * @param underlay its address in the network between the sites
 */
public record FeEndpoint(FeId fe, SiteId site, IpAddress underlay) {}
