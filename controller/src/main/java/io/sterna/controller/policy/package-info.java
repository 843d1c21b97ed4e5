/**
 * Who may claim what, beside versions. Pure: no Akka, no clock, no input or output; time is an
 * argument.
 */
@NullMarked
package io.sterna.controller.policy;

import org.jspecify.annotations.NullMarked;
