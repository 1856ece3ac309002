package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A store with this library, as one of the peers. */
final class PeerStore implements PeerWork.Peer {
    private final Holdfast holdfast;
    private final Kv kv;

    PeerStore(Path folder) {
        holdfast = Holdfast.open(folder.resolve("store.db"));
        kv = holdfast.kv();
    }

    @Override
    public void set(int number, byte[] value) {
        kv.set(Rows.key(number), KvValue.bytes(value), Optional.empty());
    }

    @Override
    public byte[] get(int number) {
        return kv.get(Rows.key(number)).orElseThrow().value().encoded();
    }

    @Override
    public long[] list() {
        long[] found = new long[2];
        try (Stream<KvEntry> entries = kv.list(KvSelection.below("bench"))) {
            entries.forEach(entry -> {
                found[0]++;
                found[1] += SharedRows.weight(entry.value().encoded());
            });
        }
        return found;
    }

    @Override
    public void close() {
        holdfast.close();
    }
}
