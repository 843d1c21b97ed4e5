@NullMarked
package io.sterna.controller.relocation.search;

import org.jspecify.annotations.NullMarked;
