/** What a run is to do, read from a YAML file. */
@NullMarked
package io.sterna.loadgen.scenario;

import org.jspecify.annotations.NullMarked;
