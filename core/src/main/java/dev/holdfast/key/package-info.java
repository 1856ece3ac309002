/**
 * Tuple keys and their bytes.
 *
 * <p>A {@link dev.holdfast.key.Key} is a short list of typed parts, like a path: {@code Key.of("users", 42, "name")}.
 * It is stored as bytes whose order is the order of keys, so a list or a page is one scan of an index; a
 * {@link dev.holdfast.key.KeyPrefix} names all keys that begin with the same whole parts, and a
 * {@link dev.holdfast.key.KeyRange} is what such a scan runs over.
 *
 * <p>The stored bytes of each part:
 *
 * <table>
 * <caption>Tags, in key order</caption>
 * <tr><th>Part</th><th>Bytes</th></tr>
 * <tr><td>bytes</td><td>{@code 01}, the bytes with {@code 00} as {@code 00 ff}, {@code 00}</td></tr>
 * <tr><td>text</td><td>{@code 02}, UTF-8 with {@code 00} as {@code 00 ff}, {@code 00}</td></tr>
 * <tr><td>number</td><td>{@code 05}, the double's 8 bytes; positive: sign bit flipped, negative: all bits</td></tr>
 * <tr><td>big integer</td><td>{@code 14} for zero; {@code 14+n} or {@code 14-n} and n bytes up to 8; else
 * {@code 1d n} or {@code 0b ~n} and n bytes; negative magnitudes are complemented</td></tr>
 * <tr><td>boolean</td><td>{@code 26} false, {@code 27} true</td></tr>
 * </table>
 *
 * <p>This is the tuple encoding of Deno's KV with another tag for numbers; {@link dev.holdfast.key.KeyWire} translates.
 * {@link dev.holdfast.key.KeyJson} and {@link dev.holdfast.key.KeyPath} are the forms in which people and protocols
 * write keys. Everything here is immutable, blocks nowhere and does no I/O.
 */
@NullMarked
package dev.holdfast.key;

import org.jspecify.annotations.NullMarked;
