package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/** H2's MVStore, whose commits are made durable one by one. */
final class PeerMvStore implements PeerWork.Peer {
    private final MVStore store;
    private final MVMap<byte[], byte[]> map;

    PeerMvStore(Path folder) {
        store = new MVStore.Builder()
                .fileName(folder.resolve("store.mv").toString())
                .autoCommitDisabled()
                .open();
        map = store.openMap(
                "bench",
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void set(int number, byte[] value) {
        map.put(Rows.key(number).encoded(), value);
        store.commit();
        store.sync();
    }

    @Override
    public byte[] get(int number) {
        return Objects.requireNonNull(map.get(Rows.key(number).encoded()), "value");
    }

    @Override
    public long[] list() {
        long[] found = new long[2];
        for (Map.Entry<byte[], byte[]> entry : map.entrySet()) {
            found[0]++;
            found[1] += SharedRows.weight(entry.getValue());
        }
        return found;
    }

    @Override
    public void close() {
        store.close();
    }
}
