/**
 * Typed values: how a Java object becomes stored bytes and comes back.
 *
 * <p>A {@link dev.holdfast.codec.Codec} is both directions for one type, and {@link dev.holdfast.codec.Codecs} makes
 * them: JSON for records, sealed types and collections, plain bytes, counters. Stored bytes carry an
 * {@link dev.holdfast.codec.Encoding}, so everybody else knows how to read them. JSON is written for readers in any
 * language: integers that a double cannot hold are tagged, and a case of a sealed type names itself.
 *
 * <p>Two small forms that many rooms and flags share are here as well: {@link dev.holdfast.codec.Durations} as text,
 * and {@link dev.holdfast.codec.UuidV7} ids. Everything is safe for use by many threads and does no I/O.
 */
@NullMarked
package dev.holdfast.codec;

import org.jspecify.annotations.NullMarked;
