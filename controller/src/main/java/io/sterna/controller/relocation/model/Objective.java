package io.sterna.controller.relocation.model;

/**
 * What counts as cost: a weighted sum of six terms. A weight of 0 leaves its term out.
 *
 * @param linkLoad of the mean, over all directed links, of load divided by capacity
 * @param rtt of the mean RTT of the traffic, in ms; traffic within a site counts as 0 ms
 * @param dataCharges of what the traffic between sites is charged for an hour
 * @param siteLoad of the mean, over all sites, of the square of VMs divided by capacity: least when
 *     all are equally full
 * @param sitePrice of what the VMs are charged for an hour
 * @param migration of the seconds that moving takes: for each VM that is not where it was, its
 *     memory through the narrowest link of the path, less what it writes meanwhile
 */
public record Objective(
    double linkLoad,
    double rtt,
    double dataCharges,
    double siteLoad,
    double sitePrice,
    double migration) {
  /** The paper's: the mean load factor of the links, nothing else. */
  public static final Objective LINK_LOAD = new Objective(1, 0, 0, 0, 0, 0);

  /**
   * @throws IllegalArgumentException if a weight is negative
   */
  public Objective {
    Numbers.notNegative("the weight of link load", linkLoad);
    Numbers.notNegative("the weight of RTT", rtt);
    Numbers.notNegative("the weight of data charges", dataCharges);
    Numbers.notNegative("the weight of site load", siteLoad);
    Numbers.notNegative("the weight of site price", sitePrice);
    Numbers.notNegative("the weight of migration", migration);
  }
}
