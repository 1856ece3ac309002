package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What a route reads beside its body, for the document of the interface. It describes; the handler itself reads and
 * checks.
 *
 * @param place where it stands
 * @param name its name; of a path parameter the one in the template
 * @param type what its text means
 * @param required whether a request without it is refused
 * @param description one sentence
 */
public record Param(Place place, String name, Type type, boolean required, String description) {
    /** Where a parameter stands. */
    public enum Place {
        /** In the path; always required. */
        PATH,
        /** In the query. */
        QUERY,
        /** In a header. */
        HEADER;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the text of a parameter means. */
    public enum Type {
        /** Any text. */
        STRING,
        /** A whole number. */
        INTEGER,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that nothing is missing; a path parameter is always required. */
    public Param {
        requireNonNull(place, "place");
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        requireNonNull(description, "description");
        required = required || place == Place.PATH;
    }

    /** A path parameter. */
    public static Param path(String name, String description) {
        return new Param(Place.PATH, name, Type.STRING, true, description);
    }

    /** A query parameter that may be left out. */
    public static Param query(String name, Type type, String description) {
        return new Param(Place.QUERY, name, type, false, description);
    }

    /** A request header that may be left out. */
    public static Param header(String name, String description) {
        return new Param(Place.HEADER, name, Type.STRING, false, description);
    }

    /** The same parameter, without which a request is refused. */
    public Param mandatory() {
        return new Param(place, name, type, true, description);
    }
}
