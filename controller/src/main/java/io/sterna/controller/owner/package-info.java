/** The actors that own ranges: the only writers of their addresses. */
@NullMarked
package io.sterna.controller.owner;

import org.jspecify.annotations.NullMarked;
