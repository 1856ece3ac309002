package dev.holdfast.record;

import java.util.Optional;

/**
 * What stands in the tables was written in another format, or in none that is known. Nothing is migrated and nothing
 * was changed.
 */
public final class StoreFormatException extends RecordStoreException {
    private static final long serialVersionUID = 1L;

    private final Cause kind;
    private final transient Optional<StoreFormat> stored;

    StoreFormatException(Cause kind, String backend, Optional<StoreFormat> stored) {
        super(
                Reason.STORE_FORMAT,
                backend + " store: incompatible format (" + kind.code + ") - on disk "
                        + stored.map(StoreFormat::toString).orElse("none") + ", this build " + StoreFormat.CURRENT
                        + ". No migration is performed");
        this.kind = kind;
        this.stored = stored;
    }

    /** What is wrong with the format. */
    public Cause kind() {
        return kind;
    }

    /** The format that the marker names, where it names one. */
    public Optional<StoreFormat> stored() {
        return stored;
    }

    /** The format that this build writes. */
    public StoreFormat current() {
        return StoreFormat.CURRENT;
    }

    /** What can be wrong with a format. */
    public enum Cause {
        /** There are documents and no marker. */
        UNVERSIONED("unversioned-existing-data"),
        /** The marker is none. */
        MALFORMED("malformed-version"),
        /** The marker names another major version. */
        INCOMPATIBLE("incompatible-major");

        private final String code;

        Cause(String code) {
            this.code = code;
        }

        /** As the HTTP interface shows it. */
        public String code() {
            return code;
        }
    }
}
