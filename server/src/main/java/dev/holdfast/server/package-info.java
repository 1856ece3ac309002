/**
 * Puts the server together: one store, the HTTP layer, and a mount for each protocol. Nothing imports this package but
 * programs that start a server.
 */
@NullMarked
package dev.holdfast.server;

import org.jspecify.annotations.NullMarked;
