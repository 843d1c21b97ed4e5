@NullMarked
package io.sterna.controller.policy;

import org.jspecify.annotations.NullMarked;
