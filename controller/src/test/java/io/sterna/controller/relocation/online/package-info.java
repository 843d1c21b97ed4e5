@NullMarked
package io.sterna.controller.relocation.online;

import org.jspecify.annotations.NullMarked;
