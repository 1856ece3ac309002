/**
 * A small synchronous store of text keys: one line to open, no schema, no types to declare.
 *
 * <p>{@link dev.holdfast.simple.SimpleKv} is the page to read first. It stands above the front door, because it opens a
 * {@link dev.holdfast.Holdfast} of its own or shares one, and keeps everything in the entries of the room {@code kv},
 * below the reserved first key part {@code holdfast.simple}: no table of its own. What is in it is therefore exported,
 * backed up, counted against quotas and watched like any other entry.
 *
 * <p>An entry is {@code ["holdfast.simple", namespace, key]} with the value as JSON. Types that JSON lacks are objects
 * of one member that begins with a dollar sign. Properties that expire on their own are noted beside the value, and in
 * {@code ["holdfast.simple", time, namespace, key]} for those who clean up.
 */
@NullMarked
package dev.holdfast.simple;

import org.jspecify.annotations.NullMarked;
