package dev.holdfast.engine;

import java.util.Objects;

/**
 * What an examination of a store came upon.
 *
 * @param kind whether something is wrong
 * @param room whose tables it is about, such as {@code kv}; {@code engine} for what all rooms share
 * @param text what is the matter, with the names of the row in question, cut to size, and never its content
 */
public record Finding(Kind kind, String room, String text) {
    /** Refuses null. */
    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(text, "text");
    }

    /** Whether something is wrong. */
    public enum Kind {
        /** The store breaks a promise that its tables make. */
        FAULT,
        /** The store is sound; whoever operates it may want to know. */
        NOTE
    }

    /** Something that breaks a promise. */
    public static Finding fault(String room, String text) {
        return new Finding(Kind.FAULT, room, text);
    }

    /** Something worth knowing. */
    public static Finding note(String room, String text) {
        return new Finding(Kind.NOTE, room, text);
    }

    /** One line: {@code fault: kv: the key is not the encoding of a key (namespace=default, key=0x02)}. */
    @Override
    public String toString() {
        return (kind == Kind.FAULT ? "fault: " : "note: ") + room + ": " + text;
    }
}
