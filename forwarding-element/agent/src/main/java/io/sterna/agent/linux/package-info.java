/** The Linux kernel: namespaces, netlink and packet sockets through JNA. */
@NullMarked
package io.sterna.agent.linux;

import org.jspecify.annotations.NullMarked;
