/**
 * Record stores over HTTP at {@code /v1/record-stores}: routes, and batches of records as lines of JSON or as frames. A
 * batch ends with a marker that repeats its number; without it nothing is taken and nothing is believed.
 */
@NullMarked
package dev.holdfast.server.records;

import org.jspecify.annotations.NullMarked;
