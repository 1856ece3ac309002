/**
 * Streams: append-only logs of bytes or JSON messages with durable offsets, exactly-once producers, forks and expiry.
 */
@NullMarked
package dev.holdfast.stream;

import org.jspecify.annotations.NullMarked;
