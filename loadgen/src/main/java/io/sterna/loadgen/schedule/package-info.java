/** Which VM appears where and when, fixed by rate and seed. Pure. */
@NullMarked
package io.sterna.loadgen.schedule;

import org.jspecify.annotations.NullMarked;
