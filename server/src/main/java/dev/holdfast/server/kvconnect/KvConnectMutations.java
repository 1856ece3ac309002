package dev.holdfast.server.kvconnect;

import com.google.protobuf.ByteString;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyWire;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvMutation.Arithmetic;
import dev.holdfast.kv.KvMutation.Bounds;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.kvconnect.wire.Datapath;
import java.time.Instant;
import java.util.Optional;

/** The mutations of an atomic write as those of the room. */
final class KvConnectMutations {
    private KvConnectMutations() {}

    static KvMutation of(Datapath.Mutation mutation) {
        Key key = KeyWire.decode(mutation.getKey().toByteArray());
        Optional<Instant> expiry = expiry(mutation.getExpireAtMs());
        return switch (mutation.getMutationType()) {
            case M_SET -> new KvMutation.Restore(key, value(mutation), expiry);
            case M_DELETE -> new KvMutation.Delete(key);
            case M_SUM -> new KvMutation.Calculate(key, Arithmetic.SUM, value(mutation), bounds(mutation));
            case M_MAX -> new KvMutation.Calculate(key, Arithmetic.MAX, value(mutation), Bounds.none());
            case M_MIN -> new KvMutation.Calculate(key, Arithmetic.MIN, value(mutation), Bounds.none());
            case M_SET_SUFFIX_VERSIONSTAMPED_KEY -> new KvMutation.Stamped(key, value(mutation), expiry);
            case M_UNSPECIFIED, UNRECOGNIZED -> throw invalid();
        };
    }

    private static KvValue value(Datapath.Mutation mutation) {
        if (!mutation.hasValue()) {
            throw invalid();
        }
        return KvConnectMessages.value(mutation.getValue());
    }

    private static Bounds bounds(Datapath.Mutation mutation) {
        return new Bounds(bound(mutation.getSumMin()), bound(mutation.getSumMax()), mutation.getSumClamp());
    }

    private static Optional<KvValue> bound(ByteString bytes) {
        return bytes.isEmpty() ? Optional.empty() : Optional.of(KvValue.v8(bytes.toByteArray()));
    }

    /** 0 and -1 mean never: clients of either kind exist. */
    private static Optional<Instant> expiry(long millis) {
        if (millis < -1) {
            throw new InvalidInputException("kvconnect.expiry", "Invalid mutation expire at.");
        }
        return millis <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static InvalidInputException invalid() {
        return new InvalidInputException("kvconnect.mutation", "Invalid mutation kind or arguments.");
    }
}
