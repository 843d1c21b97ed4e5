/** Sites, core router, client and VMs as network namespaces: up, down, move. */
@NullMarked
package io.sterna.lab.topology;

import org.jspecify.annotations.NullMarked;
