/**
 * The {@code sterna} command: every role and every operator's question, one binary.
 *
 * <p>Exit status: 0 done, 1 the operation failed, 2 bad usage or bad configuration. Results go to
 * standard output, everything else to standard error.
 */
@NullMarked
package io.sterna.cli;

import org.jspecify.annotations.NullMarked;
