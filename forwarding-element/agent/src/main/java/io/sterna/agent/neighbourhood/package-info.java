/** The port to the VMs on this element's bridge: what they announce, and what they are told. */
@NullMarked
package io.sterna.agent.neighbourhood;

import org.jspecify.annotations.NullMarked;
