package dev.holdfast.server.http;

import java.util.Locale;

/**
 * What a request needs to be allowed. {@link #ADMIN} contains the others; {@link #WRITE} does not contain
 * {@link #READ}.
 */
public enum Scope {
    /** Sees data. */
    READ,
    /** Changes data. */
    WRITE,
    /** Manages the server itself: tokens, namespaces, schema. */
    ADMIN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name as tokens and documents write it: {@code read}, {@code write}, {@code admin}. */
    public String text() {
        return text;
    }
}
