package dev.holdfast.server;

import com.google.protobuf.ByteString;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.kvconnect.wire.Datapath;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWrite;
import dev.holdfast.server.kvconnect.wire.Datapath.AtomicWriteOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.MutationType;
import dev.holdfast.server.kvconnect.wire.Datapath.ReadRange;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotRead;
import dev.holdfast.server.kvconnect.wire.Datapath.SnapshotReadOutput;
import dev.holdfast.server.kvconnect.wire.Datapath.ValueEncoding;
import dev.holdfast.v8.V8Json;
import dev.holdfast.v8.V8Number;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One way to the keyspace: it is told what to do in the words of the library, and answers in them. */
sealed interface Face {
    /** An entry as a face shows it, its value as JSON text. */
    record Seen(Key key, String value, Versionstamp stamp) {}

    /**
     * What became of a commit.
     *
     * @param stamp none when a check failed or the commit was refused
     * @param failed the checks that failed; none also when the commit was refused
     */
    record Outcome(Optional<Versionstamp> stamp, List<Integer> failed) {
        static final Outcome REFUSED = new Outcome(Optional.empty(), List.of());
    }

    Outcome commit(List<KvCheck> checks, List<KvMutation> mutations) throws IOException, InterruptedException;

    /** What stands below a prefix. */
    List<Seen> list(KeyPrefix prefix, int limit, boolean reverse) throws IOException, InterruptedException;

    /** The order of its lists. */
    default Comparator<Key> order() {
        return Comparator.naturalOrder();
    }

    /** The library. */
    record Java(Kv kv) implements Face {
        @Override
        public Outcome commit(List<KvCheck> checks, List<KvMutation> mutations) {
            try {
                return switch (kv.commit(checks, mutations)) {
                    case KvCommit.Committed done -> new Outcome(Optional.of(done.versionstamp()), List.of());
                    case KvCommit.Conflict conflict -> new Outcome(Optional.empty(), conflict.failedChecks());
                };
            } catch (InvalidInputException refused) {
                return Outcome.REFUSED;
            }
        }

        @Override
        public List<Seen> list(KeyPrefix prefix, int limit, boolean reverse) {
            KvSelection selection = KvSelection.below(prefix).limit(limit);
            try (var entries = kv.list(reverse ? selection.reversed() : selection)) {
                return entries.map(entry ->
                                new Seen(entry.key(), Json.text(entry.value().json()), entry.versionstamp()))
                        .toList();
            }
        }
    }

    /** KeyVal over HTTP. */
    record Rest(ServedStore served) implements Face {
        @Override
        public Outcome commit(List<KvCheck> checks, List<KvMutation> mutations)
                throws IOException, InterruptedException {
            ObjectNode body = Json.mapper().createObjectNode().put("details", true);
            ArrayNode conditions = body.putArray("checks");
            for (KvCheck check : checks) {
                ObjectNode condition = conditions.addObject();
                condition.set("key", KeyJson.tree(check.key()));
                check.versionstamp().ifPresent(stamp -> condition.put("versionstamp", stamp.uuid()));
            }
            ArrayNode changes = body.putArray("mutations");
            mutations.forEach(mutation -> changes.add(change(mutation)));
            ServedStore.Answer answer = post("/atomic", body);
            if (answer.status() == 400) {
                return Outcome.REFUSED;
            }
            JsonNode json = require(answer).json();
            return new Outcome(
                    json.path("ok").asBoolean()
                            ? Versionstamp.ofUuid(json.path("versionstamp").stringValue())
                            : Optional.empty(),
                    json.path("failedChecks")
                            .valueStream()
                            .map(JsonNode::intValue)
                            .toList());
        }

        private static ObjectNode change(KvMutation mutation) {
            ObjectNode change = Json.mapper().createObjectNode();
            change.set("key", KeyJson.tree(mutation.key()));
            switch (mutation) {
                case KvMutation.Set set ->
                    change.put("type", "set").set("value", set.value().json());
                case KvMutation.Delete delete -> change.put("type", "delete");
                case KvMutation.Combine sum ->
                    change.put("type", "sum").put("value", sum.operand().longValueExact());
                default -> throw new IllegalArgumentException("KeyVal has no " + mutation);
            }
            return change;
        }

        @Override
        public List<Seen> list(KeyPrefix prefix, int limit, boolean reverse) throws IOException, InterruptedException {
            ObjectNode body =
                    Json.mapper().createObjectNode().put("limit", limit).put("reverse", reverse);
            body.set("prefix", KeyJson.tree(prefix));
            return require(post("/keys/list", body))
                    .json()
                    .valueStream()
                    .map(entry -> new Seen(
                            KeyJson.key(entry.path("key")),
                            Json.text(entry.path("value")),
                            Versionstamp.ofUuid(entry.path("versionstamp").stringValue())
                                    .orElseThrow()))
                    .toList();
        }

        /** Deletes a key and everything below it; answers how many entries that were. */
        int deleteBelow(Key key) throws IOException, InterruptedException {
            ObjectNode body = Json.mapper().createObjectNode();
            body.putArray("keys").add(KeyJson.tree(key));
            return require(post("/keys/delete-batch", body))
                    .json()
                    .path("deletedCount")
                    .intValue();
        }

        private ServedStore.Answer post(String path, JsonNode body) throws IOException, InterruptedException {
            return served.keyval(ServedStore.ADMIN, "POST", path, Json.text(body));
        }

        private static ServedStore.Answer require(ServedStore.Answer answer) throws IOException {
            if (answer.status() != 200) {
                throw new IOException(answer.toString());
            }
            return answer;
        }
    }

    /** KV Connect. */
    record Deno(KvConnectClient client) implements Face {
        @Override
        public Comparator<Key> order() {
            return (a, b) -> Arrays.compareUnsigned(KeyWire.wire(a), KeyWire.wire(b));
        }

        @Override
        public Outcome commit(List<KvCheck> checks, List<KvMutation> mutations)
                throws IOException, InterruptedException {
            AtomicWrite.Builder write = AtomicWrite.newBuilder();
            for (KvCheck check : checks) {
                Datapath.Check.Builder condition = write.addChecksBuilder().setKey(wire(check.key()));
                check.versionstamp().ifPresent(stamp -> condition.setVersionstamp(ByteString.copyFrom(stamp.bytes())));
            }
            mutations.forEach(mutation -> write.addMutations(change(mutation)));
            HttpResponse<byte[]> answer =
                    client.call("atomic_write", write.build().toByteArray());
            if (answer.statusCode() == 400) {
                return Outcome.REFUSED;
            }
            AtomicWriteOutput output = AtomicWriteOutput.parseFrom(require(answer));
            return new Outcome(
                    Versionstamp.ofBytes(output.getVersionstamp().toByteArray()), output.getFailedChecksList());
        }

        private static Datapath.Mutation.Builder change(KvMutation mutation) {
            Datapath.Mutation.Builder change = Datapath.Mutation.newBuilder().setKey(wire(mutation.key()));
            return switch (mutation) {
                case KvMutation.Set set ->
                    change.setMutationType(MutationType.M_SET).setValue(value(set.value()));
                case KvMutation.Delete delete -> change.setMutationType(MutationType.M_DELETE);
                case KvMutation.Combine sum ->
                    change.setMutationType(MutationType.M_SUM)
                            .setValue(value(
                                    KvValue.v8(new V8Number.Real(sum.operand().doubleValue()).encode())));
                case KvMutation.Calculate count ->
                    change.setMutationType(MutationType.M_SUM).setValue(value(count.operand()));
                default -> throw new IllegalArgumentException("the program has no " + mutation);
            };
        }

        private static Datapath.KvValue.Builder value(KvValue value) {
            byte[] data = value.encoding() == Encoding.JSON ? V8Json.encode(value.json()) : value.encoded();
            return Datapath.KvValue.newBuilder()
                    .setData(ByteString.copyFrom(data))
                    .setEncoding(value.encoding() == Encoding.U64 ? ValueEncoding.VE_LE64 : ValueEncoding.VE_V8);
        }

        @Override
        public List<Seen> list(KeyPrefix prefix, int limit, boolean reverse) throws IOException, InterruptedException {
            ByteString start = prefix.key().map(Deno::wire).orElse(ByteString.EMPTY);
            SnapshotRead read = SnapshotRead.newBuilder()
                    .addRanges(ReadRange.newBuilder()
                            .setStart(start.isEmpty() ? start : start.concat(ByteString.copyFrom(new byte[1])))
                            .setEnd(start.concat(ByteString.copyFrom(new byte[] {-1})))
                            .setLimit(limit)
                            .setReverse(reverse))
                    .build();
            return SnapshotReadOutput.parseFrom(require(client.call("snapshot_read", read.toByteArray())))
                    .getRanges(0)
                    .getValuesList()
                    .stream()
                    .map(Deno::seen)
                    .toList();
        }

        private static Seen seen(Datapath.KvEntry entry) {
            byte[] data = entry.getValue().toByteArray();
            KvValue value = entry.getEncoding() == ValueEncoding.VE_LE64 ? KvValue.u64(data) : KvValue.v8(data);
            return new Seen(
                    KeyWire.decode(entry.getKey().toByteArray()),
                    Json.text(value.json()),
                    Versionstamp.ofBytes(entry.getVersionstamp().toByteArray()).orElseThrow());
        }

        private static ByteString wire(Key key) {
            return ByteString.copyFrom(KeyWire.wire(key));
        }

        private static byte[] require(HttpResponse<byte[]> answer) throws IOException {
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + KvConnectClient.text(answer));
            }
            return answer.body();
        }
    }
}
