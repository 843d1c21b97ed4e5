package io.sterna.loadgen.run;

import io.sterna.loadgen.link.SessionLoop;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What all elements of a run share.
 *
 * @param scenario what is to be done
 * @param vms the VMs
 * @param loop the sessions
 * @param ledger what happened
 * @param reader reads what elements hear
 * @param ranges which range a VM belongs to
 * @param nanoTime a clock
 * @param contact which controllers are there
 * @param say one line for people
 */
record Fleet(
    Scenario scenario,
    VmSpace vms,
    SessionLoop loop,
    Ledger ledger,
    BindingReader reader,
    VmRanges ranges,
    LongSupplier nanoTime,
    FirstContact contact,
    Consumer<String> say) {}
