/** Reads the journal for people: the audit log, past tables, checks; and signs where ranges are. */
@NullMarked
package io.sterna.controller.audit;

import org.jspecify.annotations.NullMarked;
