package dev.holdfast.kv;

import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.search.SearchAudit;
import dev.holdfast.search.SearchDoctor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Examines the entries of a namespace: keys are keys and stand in both orders, values are what their encoding says,
 * expiry and versionstamp are possible, the change log knows of each, and the full-text indexes hold exactly what they
 * should. Reads page by page; large values one at a time.
 */
public final class KvDoctor {
    private static final List<String> TABLES = List.of("{p}kv");

    /** 9999-12-31T23:59:59.999Z. */
    private static final long LAST_MILLI = 253_402_300_799_999L;

    private final Examination at;
    private final KvDoctorSql sql;
    private final List<SearchAudit> audits;

    private KvDoctor(Examination at) {
        this.at = at;
        this.sql = at.tx().database().shared(KvDoctorSql.class, KvDoctorSql::new);
        this.audits = SearchDoctor.indexes(at, KvSearch.SCOPE).stream()
                .map(index -> new SearchAudit(at, index))
                .toList();
    }

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables() {
        return TABLES;
    }

    /** Examines a namespace. */
    public static void examine(Examination at) {
        new KvDoctor(at).run();
    }

    private void run() {
        List<KvDoctorSql.Row> page = sql.page(at.tx(), KvDoctorSql.FIRST);
        while (!page.isEmpty()) {
            page.forEach(this::examine);
            page = sql.page(at.tx(), page.getLast().key());
        }
        sql.unlogged(at.tx())
                .forEach(row -> at.fault(
                        "an entry was written without a line in the change log",
                        "key",
                        row.key(),
                        "versionstamp",
                        row.versionstamp()));
        if (!audits.isEmpty() && !sql.keysIndexed(at.tx())) {
            at.fault("writers are not told that there are full-text indexes");
        }
        audits.forEach(audit -> audit.finish(id -> belongs(audit, id)));
    }

    private void examine(KvDoctorSql.Row row) {
        at.requireHandedOut(row.versionstamp(), "key", row.key());
        @Nullable Long expiresAt = row.expiresAt();
        if (expiresAt != null && (expiresAt <= 0 || expiresAt > LAST_MILLI)) {
            at.fault("the time of expiry is none", "key", row.key(), "expiresAt", expiresAt);
        }
        Optional<Key> key = key(row);
        Optional<JsonNode> json = json(row);
        if (key.isPresent() && json.isPresent()) {
            boolean live = expiresAt == null || expiresAt > at.tx().now();
            audits.stream()
                    .filter(audit -> KvSearch.covers(audit.index(), key.get()))
                    .forEach(audit -> audit.expect(row.key(), json.get(), live));
        }
    }

    private Optional<Key> key(KvDoctorSql.Row row) {
        try {
            Key key = Key.decode(row.key());
            if (!Arrays.equals(KvOrder.wire(key), row.wire())) {
                at.fault("the key does not stand at its place in the second order", "key", row.key());
            }
            return Optional.of(key);
        } catch (InvalidInputException e) {
            at.fault("the key is not the encoding of a key: " + e.detail(), "key", row.key());
            return Optional.empty();
        }
    }

    /** The value as the full-text indexes see it; tells when it is not what its encoding says. */
    private Optional<JsonNode> json(KvDoctorSql.Row row) {
        try {
            byte[] value = sql.value(at.tx(), row);
            return switch (Encoding.of(row.encoding())) {
                case JSON -> Optional.of(Json.parse(value));
                case U64 -> {
                    if (value.length != Long.BYTES) {
                        at.fault("a counter has 8 bytes", "key", row.key(), "bytes", value.length);
                    }
                    yield Optional.empty();
                }
                // Kept as it came, whether it can be read or not.
                case V8 -> audits.isEmpty() ? Optional.empty() : new KvValue(Encoding.V8, value).findJson();
                case BYTES -> Optional.empty();
            };
        } catch (InvalidInputException e) {
            at.fault("the value cannot be read: " + e.detail(), "key", row.key());
        } catch (IllegalArgumentException e) {
            at.fault("the value has an unknown encoding", "key", row.key(), "encoding", row.encoding());
        }
        return Optional.empty();
    }

    /** Whether a document of a full-text index is an entry that was expected there. */
    private boolean belongs(SearchAudit audit, byte[] id) {
        return sql.row(at.tx(), id)
                .filter(this::hasWords)
                .filter(row -> KvSearch.covers(audit.index(), Key.decode(id)))
                .isPresent();
    }

    private boolean hasWords(KvDoctorSql.Row row) {
        if (row.encoding() != Encoding.V8.number()) {
            return row.encoding() == Encoding.JSON.number();
        }
        return new KvValue(Encoding.V8, sql.value(at.tx(), row)).findJson().isPresent();
    }
}
