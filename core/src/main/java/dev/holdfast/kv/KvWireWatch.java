package dev.holdfast.kv;

import dev.holdfast.engine.Versionstamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at some keys whenever one of them may have changed, and tells what they hold when that is news. Belongs to the
 * thread of its watch.
 */
final class KvWireWatch {
    private final KvWire wire;
    private final List<KvWire.Range> ranges;
    private final Consumer<List<Optional<KvWire.Entry>>> listener;
    /** What was told last; nothing before the first time. */
    private List<Optional<Versionstamp>> told = List.of();

    private boolean begun;

    KvWireWatch(KvWire wire, List<byte[]> keys, Consumer<List<Optional<KvWire.Entry>>> listener) {
        this.wire = wire;
        this.ranges = keys.stream().map(KvWire.Range::of).toList();
        this.listener = listener;
    }

    /** Reads all keys from one snapshot; an event that tells of what was read before tells nothing new. */
    void look() {
        List<Optional<KvWire.Entry>> entries = wire.read(ranges).stream()
                .map(found -> found.stream().findFirst())
                .toList();
        List<Optional<Versionstamp>> stamps = new ArrayList<>();
        entries.forEach(entry -> stamps.add(entry.map(found -> found.entry().versionstamp())));
        if (!begun || !stamps.equals(told)) {
            begun = true;
            told = stamps;
            listener.accept(entries);
        }
    }
}
