/**
 * The Durable Streams protocol: routes and wire format.
 *
 * <p>Every request becomes one call of {@code dev.holdfast.stream}, which keeps all rules of streams. What lives here
 * is how offsets, producers, forks and refusals are written in headers, and who waits: a reader by long-poll or by
 * event stream holds no thread, and what waits for a slow one is bounded.
 */
@NullMarked
package dev.holdfast.server.durablestreams;

import org.jspecify.annotations.NullMarked;
