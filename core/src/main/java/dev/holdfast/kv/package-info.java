/**
 * Keys and values: an ordered map with atomic commits, expiry and watching.
 *
 * <p>{@link dev.holdfast.kv.Kv} is the page to read first. A {@link dev.holdfast.key.Key} has typed parts and entries
 * are kept in key order, so everything below a prefix is one range. A {@link dev.holdfast.kv.KvValue} carries its
 * encoding: JSON, plain bytes, a counter, a value of V8, which is read as JSON. Every commit has one
 * {@link dev.holdfast.engine.Versionstamp}, which all entries it wrote carry; checks compare it.
 *
 * <p>Everything here is safe for use by many threads, and blocks the calling thread. When a writing call outside a
 * transaction returns, its effect is durable and visible to everybody. Inside a transaction the effect comes with the
 * commit.
 */
@NullMarked
package dev.holdfast.kv;

import org.jspecify.annotations.NullMarked;
