package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvWire;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Scope;
import dev.holdfast.server.kvconnect.wire.Datapath;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Atomic writes. */
final class KvConnectWrites {
    /** A versionstamp that no commit has: what a check with foreign bytes compares with. */
    private static final Versionstamp NEVER = new Versionstamp(0);

    private final KvConnectStore store;

    KvConnectWrites(KvConnectStore store) {
        this.store = store;
    }

    void write(Exchange exchange) throws IOException {
        AtomicWrite request = KvConnectMessages.parse(
                AtomicWrite.parser(), exchange.body(store.limits().bodyBytesMax()));
        if (!exchange.principal().may(Scope.WRITE)) {
            respond(exchange, AtomicWriteOutput.newBuilder().setStatus(AtomicWriteStatus.AW_WRITE_DISABLED));
            return;
        }
        store.limits().require(request);
        List<KvWire.Check> checks =
                request.getChecksList().stream().map(KvConnectWrites::check).toList();
        List<KvMutation> mutations =
                request.getMutationsList().stream().map(KvConnectMutations::of).toList();
        List<KvConnectQueue.Message> messages = request.getEnqueuesList().stream()
                .map(KvConnectQueue.Message::of)
                .toList();
        respond(exchange, answer(commit(store.session(exchange), checks, mutations, messages)));
    }

    /** Messages are in the same transaction as what goes with them, which a commit alone can be without. */
    private static KvCommit commit(
            Session session,
            List<KvWire.Check> checks,
            List<KvMutation> mutations,
            List<KvConnectQueue.Message> messages) {
        if (messages.isEmpty()) {
            return KvWire.in(session).commit(checks, mutations);
        }
        return session.write(UnitKind.USER, tx -> {
            KvCommit commit = KvWire.in(tx).commit(checks, mutations);
            if (commit.isCommitted()) {
                KvConnectQueue.enqueue(tx, messages);
            }
            return commit;
        });
    }

    private static AtomicWriteOutput.Builder answer(KvCommit commit) {
        return switch (commit) {
            case KvCommit.Committed committed ->
                AtomicWriteOutput.newBuilder()
                        .setStatus(AtomicWriteStatus.AW_SUCCESS)
                        .setVersionstamp(KvConnectMessages.stamp(committed.versionstamp()));
            case KvCommit.Conflict conflict ->
                AtomicWriteOutput.newBuilder()
                        .setStatus(AtomicWriteStatus.AW_CHECK_FAILURE)
                        .addAllFailedChecks(conflict.failedChecks());
        };
    }

    private static void respond(Exchange exchange, AtomicWriteOutput.Builder answer) {
        KvConnectMessages.respond(exchange, answer.build());
    }

    private static KvWire.Check check(Datapath.Check check) {
        return new KvWire.Check(check.getKey().toByteArray(), versionstamp(check.getVersionstamp()));
    }

    private static Optional<Versionstamp> versionstamp(ByteString bytes) {
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        if (bytes.size() != NEVER.bytes().length) {
            throw new InvalidInputException("kvconnect.versionstamp", "Invalid versionstamp.");
        }
        return Optional.of(Versionstamp.ofBytes(bytes.toByteArray()).orElse(NEVER));
    }
}
