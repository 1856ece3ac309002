package dev.holdfast.record;

import java.util.Locale;
import java.util.Optional;

/**
 * What an entry holds. The store gives it back as it came and looks into nothing.
 *
 * @param kind whether it is a whole state or what was added to one
 * @param encoding a hint to whoever reads it
 * @param data its content; text and bytes are both legal under both encodings
 * @param lineage well-formed, may be empty; absent stays absent
 */
public record Payload(Kind kind, Encoding encoding, PayloadData data, Optional<String> lineage) {
    /** Refuses a malformed lineage. */
    public Payload {
        lineage.ifPresent(text -> RecordRules.utf8Length("lineage", text));
    }

    /** A payload of text without lineage, said to be JSON. */
    public static Payload json(Kind kind, String data) {
        return new Payload(kind, Encoding.JSON, new Text(data), Optional.empty());
    }

    /** A payload of bytes without lineage, said to be binary. */
    public static Payload binary(Kind kind, byte[] data) {
        return new Payload(kind, Encoding.BINARY, Bytes.copyOf(data), Optional.empty());
    }

    /** The same payload with a lineage. */
    public Payload withLineage(String text) {
        return new Payload(kind, encoding, data, Optional.of(text));
    }

    /** Whole or added. */
    public enum Kind {
        /** The whole state of a document. */
        ENTIRETY,
        /** What came after another state. */
        SINCE;

        /** As it is written in JSON. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the content is to be understood. */
    public enum Encoding {
        /** JSON text. */
        JSON,
        /** Bytes of the replica's own format. */
        BINARY;

        /** As it is written in JSON. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
