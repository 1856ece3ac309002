package dev.holdfast.kv;

import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import org.jspecify.annotations.Nullable;

/** The second order in which entries can be read: Deno's, where big integers stand before numbers. */
final class KvOrder {
    private static final int NO_BIG_INTEGER = -1;

    private KvOrder() {}

    /** The key's bytes in Deno's order, stored only where they are ordered differently: for keys with a big integer. */
    static byte @Nullable [] wire(Key key) {
        return KeyWire.bigIntegerAt(key.encoded()) == NO_BIG_INTEGER ? null : KeyWire.wire(key);
    }
}
