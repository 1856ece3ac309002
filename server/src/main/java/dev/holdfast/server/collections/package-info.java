/**
 * Documents over HTTP at {@code /v1/collections}: routes and wire format of the {@code collection} room, nothing else.
 *
 * <p>Lists, documents, patches and errors are those of the REST collections that existing clients know; what begins with a dollar sign
 * ({@code $sort}, {@code $where}, {@code $cursor}) comes on top.
 */
@NullMarked
package dev.holdfast.server.collections;

import org.jspecify.annotations.NullMarked;
