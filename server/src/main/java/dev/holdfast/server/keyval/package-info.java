/**
 * The KeyVal REST and event-stream interface at {@code /keyval/api}: routes and wire format of the room
 * {@code kv} and of the queue {@code default} of the room {@code queue}, nothing else.
 *
 * <p>Keys travel as paths ({@code users/42}) or as JSON arrays with tagged big integers and bytes; versionstamps as
 * UUIDv7 text. Where the public server loses data or answers nonsense, this one keeps the promise of the interface
 * instead.
 */
@NullMarked
package dev.holdfast.server.keyval;

import org.jspecify.annotations.NullMarked;
