/** A controller node: its settings, and how its parts are put together. */
@NullMarked
package io.sterna.controller;

import org.jspecify.annotations.NullMarked;
