/**
 * Plans that are made while the network runs: when one is looked for, what becomes of it, and what
 * keeps VMs from being moved to and fro. Pure: no Akka, no clock; what time it is, is an argument.
 */
@NullMarked
package io.sterna.controller.relocation.online;

import org.jspecify.annotations.NullMarked;
