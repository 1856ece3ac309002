/**
 * Streams: append-only logs of bytes or JSON messages with durable offsets, exactly-once producers, forks and expiry;
 * and subscriptions, which remember how far many streams were processed and wake somebody when there is more.
 */
@NullMarked
package dev.holdfast.stream;

import org.jspecify.annotations.NullMarked;
