/**
 * Who may use a store over the network: tokens with scopes.
 *
 * <p>A {@link dev.holdfast.access.Token} says what its bearer may do (read, write, manage), in which namespace, and on
 * which part of the data. The secret is shown once, when the token is made; the store keeps its SHA-256 only. A fast
 * hash is enough here: a secret is 256 random bits, so nobody can guess one and hash guesses, which is what slow hashes
 * for passwords are against.
 *
 * <p>The library itself asks for no token: whoever has the database has everything. The server asks on every request.
 * Tokens are no part of exports, and gone with their namespace. A token that was made or revoked is so durably when the
 * call returns.
 */
@NullMarked
package dev.holdfast.access;

import org.jspecify.annotations.NullMarked;
