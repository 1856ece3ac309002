/**
 * Documents over HTTP at {@code /v1/collections}: routes and wire format of the {@code collection} room, nothing else.
 *
 * <p>Lists, documents, patches and errors are those of the REST collections that existing clients know; what begins
 * with a dollar sign ({@code $where}, {@code $sort}, {@code $cursor}) comes on top. Errors are problem details whose
 * text also stands in the member {@code error}, where those clients look for it.
 */
@NullMarked
package dev.holdfast.server.collections;

import org.jspecify.annotations.NullMarked;
