/**
 * What operators and their tools ask a server: is it alive, is it ready, what does it count.
 *
 * <p>{@code /health/live} says that the process answers, {@code /health/ready} that it should be given work,
 * {@code /metrics} prints the counters. They are ordinary routes and carry the server's token where one is required.
 */
@NullMarked
package dev.holdfast.server.health;

import org.jspecify.annotations.NullMarked;
