package dev.holdfast.record;

import dev.holdfast.record.RecordStoreException.Reason;
import java.util.Optional;

/** What ids, texts and metadata must be. */
final class RecordRules {
    /** Bytes of UTF-8 that an id may have. */
    static final int DOC_ID_BYTES_MAX = 1_024;

    private static final int NOT_WELL_FORMED = -1;
    private static final int SHOWN_MAX = 80;
    private static final int LAST_BEFORE_SURROGATES = 0xD7FF;
    private static final int FIRST_BEHIND_SURROGATES = 0xE000;

    private RecordRules() {}

    /** Refuses an id, or the prefix of ids, that no store can hold. */
    static void requireDocId(String docId) {
        int bytes = utf8Length(docId);
        if (bytes == NOT_WELL_FORMED || docId.indexOf('\0') >= 0) {
            throw RecordStoreException.of(
                    Reason.INVALID_DOC_ID, docId, "the document id holds U+0000 or half a surrogate pair");
        }
        if (bytes > DOC_ID_BYTES_MAX) {
            throw RecordStoreException.of(
                    Reason.INVALID_DOC_ID,
                    docId,
                    "the document id is longer than the limit (docIdBytes=" + bytes + ", docIdBytesMax="
                            + DOC_ID_BYTES_MAX + ")");
        }
    }

    /**
     * The bytes of a text in UTF-8.
     *
     * @throws RecordStoreException it holds half a surrogate pair
     */
    static int utf8Length(String name, String text) {
        int bytes = utf8Length(text);
        if (bytes == NOT_WELL_FORMED) {
            throw new RecordStoreException(Reason.MALFORMED_RECORD, name + " holds half a surrogate pair");
        }
        return bytes;
    }

    /** The same for a text that must not hold U+0000 either. */
    static int requireStorable(String name, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new RecordStoreException(Reason.MALFORMED_RECORD, name + " holds U+0000");
        }
        return utf8Length(name, text);
    }

    private static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                // Two characters, four bytes.
                bytes += 2;
                i++;
            } else {
                return NOT_WELL_FORMED;
            }
        }
        return bytes;
    }

    /** The first text behind all that begin with a prefix, in the order of code points; empty when there is none. */
    static Optional<String> successor(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            int start = end - Character.charCount(last);
            if (last != Character.MAX_CODE_POINT) {
                int next = last == LAST_BEFORE_SURROGATES ? FIRST_BEHIND_SURROGATES : last + 1;
                return Optional.of(prefix.substring(0, start) + Character.toString(next));
            }
            end = start;
        }
        return Optional.empty();
    }

    /** Refuses metadata that cannot follow the current one. */
    static void requireFollows(String docId, StoreMeta current, StoreMeta incoming) {
        requireFollows(docId, current, incoming, "for document - existing ", " vs incoming ");
    }

    /** Refuses metadata that cannot follow the one before it in a batch. */
    static void requireFollowsInBatch(String docId, StoreMeta earlier, StoreMeta later) {
        requireFollows(docId, earlier, later, "within batch - ", " vs ");
    }

    private static void requireFollows(String docId, StoreMeta one, StoreMeta next, String where, String versus) {
        if (!one.replicaType().compatibleWith(next.replicaType())) {
            throw RecordStoreException.of(
                    Reason.REPLICA_TYPE_MISMATCH,
                    docId,
                    "replicaType mismatch " + where + one.replicaType() + versus + next.replicaType());
        }
        if (!one.syncMode().equals(next.syncMode())) {
            throw RecordStoreException.of(
                    Reason.SYNC_MODE_MISMATCH,
                    docId,
                    "syncMode mismatch " + where + one.syncMode() + versus + next.syncMode());
        }
    }

    /** An id as messages show it: cut to size, without line breaks and halves of surrogate pairs. */
    static String shown(String docId) {
        StringBuilder shown = new StringBuilder();
        docId.codePoints()
                .limit(SHOWN_MAX)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.length() < docId.length() ? shown + "..." : shown.toString();
    }
}
