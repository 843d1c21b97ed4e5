/** Brings the forwarding table in step with the desired table, and says how far it is. */
@NullMarked
package io.sterna.agent.install;

import org.jspecify.annotations.NullMarked;
