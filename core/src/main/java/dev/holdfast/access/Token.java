package dev.holdfast.access;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the bearer of a secret may do. It does not contain the secret.
 *
 * @param id names it in lists and logs; 16 hexadecimal digits
 * @param name what it is for, as people said it
 * @param scopes what it allows
 * @param namespace the only namespace it opens; empty for all
 * @param grants the only data it opens; empty for everything in the namespace
 * @param createdAt when it was made
 * @param expiresAt from when on it opens nothing; empty for never
 */
public record Token(
        String id,
        String name,
        Set<Scope> scopes,
        Optional<String> namespace,
        List<Grant> grants,
        Instant createdAt,
        Optional<Instant> expiresAt) {
    /** What a token allows. {@link #ADMIN} contains the others; {@link #WRITE} does not contain {@link #READ}. */
    public enum Scope {
        /** To see data. */
        READ,
        /** To change data. */
        WRITE,
        /** Everything, the server itself included. */
        ADMIN;

        private final String text = name().toLowerCase(Locale.ROOT);

        /** Its name in lower case. */
        public String text() {
            return text;
        }
    }

    /**
     * A part of the data.
     *
     * @param kind what the prefix names
     * @param prefix what its names begin with. Of keys it is the JSON array of whole key parts, so {@code ["user"]}
     *     opens nothing of {@code ["users",1]}; other names are compared by text
     */
    public record Grant(Kind kind, String prefix) {
        /** Characters of a prefix at most. */
        public static final int PREFIX_MAX = 4_096;

        /** What a prefix names. */
        public enum Kind {
            /** Keys. */
            KEY,
            /** Names of collections. */
            COLLECTION,
            /** Paths of streams. */
            STREAM;

            private final String text = name().toLowerCase(Locale.ROOT);

            /** Its name in lower case. */
            public String text() {
                return text;
            }
        }

        /** Checks for null. */
        public Grant {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(prefix, "prefix");
        }
    }

    /** Copies the lists. */
    public Token {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        scopes = Set.copyOf(scopes);
        Objects.requireNonNull(namespace, "namespace");
        grants = List.copyOf(grants);
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Whether its time is over. */
    boolean expired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
