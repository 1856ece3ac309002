/**
 * Values as JavaScript programs serialize them: V8's form of structured clones, which Deno stores, to JSON and back.
 *
 * <p>{@link dev.holdfast.v8.V8Json} turns a whole value into JSON or JSON into a value. What JSON has no form for
 * becomes an object with a mark, as in {@code {"__type":"date","value":"1970-01-01T00:00:00.000Z"}}; the reference has
 * the whole table. {@link dev.holdfast.v8.V8Number} is what sums need: a number or a big integer, exactly.
 * {@link dev.holdfast.v8.V8Text} is for people: a value on one line, as Deno's console shows it.
 *
 * <p>Bytes come from strangers. Nothing is allocated for a length that the bytes do not bear out, nesting and the size
 * of the JSON are bounded, and whatever the bytes are, they become a value or an
 * {@link dev.holdfast.engine.InvalidInputException}. Everything here is safe for use by many threads and does no I/O.
 *
 * <p>Source: V8's own serializer, format versions 13 to 16; Node's host objects.
 */
@NullMarked
package dev.holdfast.v8;

import org.jspecify.annotations.NullMarked;
