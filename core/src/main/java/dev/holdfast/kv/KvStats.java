package dev.holdfast.kv;

/**
 * What a namespace holds.
 *
 * @param entries that have not expired
 * @param bytes of their keys and values
 */
public record KvStats(long entries, long bytes) {}
