/** What Java 17 does not offer of Linux: namespaces, netlink and BPF through JNA. */
@NullMarked
package io.sterna.linux;

import org.jspecify.annotations.NullMarked;
