@NullMarked
package io.sterna.protocol.tls;

import org.jspecify.annotations.NullMarked;
