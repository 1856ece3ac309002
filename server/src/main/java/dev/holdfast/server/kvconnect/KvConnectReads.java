package dev.holdfast.server.kvconnect;

import dev.holdfast.kv.KvWire;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.kvconnect.wire.Datapath;
import dev.holdfast.server.kvconnect.wire.Datapath.ReadRangeOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotRead;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotReadOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotReadStatus;
import java.io.IOException;
import java.util.List;

/** Reads of ranges, all of a request from one snapshot. */
final class KvConnectReads {
    private final KvConnectStore store;

    KvConnectReads(KvConnectStore store) {
        this.store = store;
    }

    void read(Exchange exchange) throws IOException {
        SnapshotRead request = KvConnectMessages.parse(
                SnapshotRead.parser(), exchange.body(store.limits().bodyBytesMax()));
        store.limits().require(request);
        List<KvWire.Range> ranges =
                request.getRangesList().stream().map(KvConnectReads::range).toList();
        SnapshotReadOutput.Builder answer = SnapshotReadOutput.newBuilder()
                .setReadIsStronglyConsistent(true)
                .setStatus(SnapshotReadStatus.SR_SUCCESS);
        for (List<KvWire.Entry> entries : KvWire.in(store.session(exchange)).read(ranges)) {
            ReadRangeOutput.Builder output = answer.addRangesBuilder();
            entries.forEach(entry -> output.addValues(KvConnectMessages.entry(entry)));
        }
        KvConnectMessages.respond(exchange, answer.build());
    }

    private static KvWire.Range range(Datapath.ReadRange range) {
        return new KvWire.Range(
                range.getStart().toByteArray(), range.getEnd().toByteArray(), range.getLimit(), range.getReverse());
    }
}
