package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored entry.
 *
 * @param key its key
 * @param value its value
 * @param versionstamp of the commit that wrote it
 * @param expiresAt when it ceases to be, if it ever does: from that millisecond on no read finds it
 */
public record KvEntry(Key key, KvValue value, Versionstamp versionstamp, Optional<Instant> expiresAt) {}
