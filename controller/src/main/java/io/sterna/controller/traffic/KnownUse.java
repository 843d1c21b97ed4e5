package io.sterna.controller.traffic;

import io.sterna.protocol.FeId;
import io.sterna.protocol.VmUse;

/**
 * What a VM uses, and who says so.
 *
 * @param fe the element where it ran when that was said
 */
public record KnownUse(FeId fe, VmUse use) {}
