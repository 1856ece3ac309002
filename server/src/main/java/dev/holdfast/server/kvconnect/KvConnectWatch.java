package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWire;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.EventStream;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.SseEvent;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotReadStatus;
import dev.holdfast.server.kvconnect.wire.Datapath.Watch;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchKey;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchKeyOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.WatchOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Watches: a stream of frames, each a length of four bytes, the lowest first, and a message of so many. */
final class KvConnectWatch {
    private static final SseEvent ALIVE = SseEvent.frame(new byte[Integer.BYTES]);

    private final KvConnectStore store;

    KvConnectWatch(KvConnectStore store) {
        this.store = store;
    }

    void watch(Exchange exchange) throws IOException {
        Watch request = KvConnectMessages.parse(
                Watch.parser(), exchange.body(store.limits().bodyBytesMax()));
        store.limits().require(request);
        List<byte[]> keys = request.getKeysList().stream()
                .map(WatchKey::getKey)
                .map(ByteString::toByteArray)
                .toList();
        KvWire wire = KvWire.in(store.watched(exchange));
        EventStream stream = exchange.frames(ContentType.BYTES, ALIVE);
        AtomicReference<KvWatch> watch = new AtomicReference<>();
        stream.onClose(() -> Optional.ofNullable(watch.get()).ifPresent(KvWatch::close));
        Semaphore room = new Semaphore(0);
        stream.onRoom(room::release);
        stream.onClose(room::release);
        watch.set(wire.watch(keys, seen -> send(stream, frame(seen), room)));
        watch.get().onClose(stream::close);
        if (!stream.isOpen()) {
            watch.get().close();
        }
    }

    /** While the reader is slow the watch waits, and tells the newest state then. */
    private static void send(EventStream stream, SseEvent frame, Semaphore room) {
        while (!stream.send(frame) && stream.isOpen()) {
            room.acquireUninterruptibly();
        }
    }

    /** All keys count as changed each time: Deno takes one that is not for missing. */
    private static SseEvent frame(List<Optional<KvWire.Entry>> entries) {
        WatchOutput.Builder output = WatchOutput.newBuilder().setStatus(SnapshotReadStatus.SR_SUCCESS);
        for (Optional<KvWire.Entry> entry : entries) {
            WatchKeyOutput.Builder key = output.addKeysBuilder().setChanged(true);
            entry.map(KvConnectMessages::entry).ifPresent(key::setEntryIfChanged);
        }
        byte[] message = output.build().toByteArray();
        return SseEvent.frame(ByteBuffer.allocate(Integer.BYTES + message.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(message.length)
                .put(message)
                .array());
    }
}
