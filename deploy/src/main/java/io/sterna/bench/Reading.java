package io.sterna.bench;

import java.util.Map;

/**
 * A value as it was measured.
 *
 * @param value in the unit of its target
 * @param conditions under which, by name
 */
record Reading(double value, Map<String, Object> conditions) {}
