/**
 * Load on a server of Durable Streams, made cheaply, because it often shares the machine with the server: one thread,
 * many connections, requests by hand.
 *
 * <p>A {@link dev.holdfast.cli.load.LoadLoop} sends what a {@link dev.holdfast.cli.load.LoadRequests} writes, either as
 * fast as answers come or as a plan says. A planned request that could not be sent in time is counted from when it was
 * planned, so a server that stands still shows in the latencies. Every message bears a stamp, so that
 * {@link dev.holdfast.cli.load.StreamLoad} can tell whether what was acknowledged is what is stored, and
 * {@link dev.holdfast.cli.load.LoadReaders} how long a message took to a reader.
 */
@NullMarked
package dev.holdfast.cli.load;

import org.jspecify.annotations.NullMarked;
