@NullMarked
package io.sterna.controller;

import org.jspecify.annotations.NullMarked;
