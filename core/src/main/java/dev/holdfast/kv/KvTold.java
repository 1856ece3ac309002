package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a watch has told last of each key, of the latest ones, so that nothing is told twice. For one thread. */
final class KvTold {
    private static final int REMEMBER_MAX = 10_000;

    private final Map<Key, Optional<Versionstamp>> states = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<Versionstamp>> eldest) {
            return size() > REMEMBER_MAX;
        }
    };
    /** What was told before the present entries are told anew, and not since. */
    private final Set<Key> unseen = new LinkedHashSet<>();

    /** Whether this state differs from what was told last; from now on it is what was told last. */
    boolean isNews(Key key, Optional<Versionstamp> now) {
        unseen.remove(key);
        return !now.equals(states.put(key, now));
    }

    /** The present entries are told anew from now on. */
    void restart() {
        unseen.clear();
        unseen.addAll(states.keySet());
    }

    /** The keys that were told before and not since {@link #restart}; once. */
    Set<Key> takeUnseen() {
        Set<Key> taken = new LinkedHashSet<>(unseen);
        unseen.clear();
        return taken;
    }
}
