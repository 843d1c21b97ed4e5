/** The HTTP API. */
@NullMarked
package io.sterna.controller.http;

import org.jspecify.annotations.NullMarked;
