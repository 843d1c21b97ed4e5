@NullMarked
package io.sterna.controller.cluster;

import org.jspecify.annotations.NullMarked;
