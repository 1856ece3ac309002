package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvSelection;
import java.util.Objects;

/**
 * Where things lie in the room. The kind of the second part tells them apart: text for the entries of a namespace, a
 * number for the time at which a property expires, true for the name of a namespace.
 */
final class SimpleKeys {
    /** The first part of every key: nobody else may write below it. */
    static final String RESERVED = "holdfast.simple";

    private static final int NAME_CHARS_MAX = 128;
    private static final int SHOWN_CHARS_MAX = 100;

    private SimpleKeys() {}

    static Key entry(String namespace, String key) {
        return Key.of(RESERVED, namespace, key);
    }

    static KeyPrefix entries(String namespace) {
        return KeyPrefix.of(RESERVED, namespace);
    }

    static Key name(String namespace) {
        return Key.of(RESERVED, true, namespace);
    }

    static KvSelection names() {
        return KvSelection.below(RESERVED, true);
    }

    /** Notes that a property of an entry expires at a time. */
    static Key due(long at, Key entry) {
        return Key.of(RESERVED, at, entry.get(1, String.class), entry.get(2, String.class));
    }

    /** The notes whose time has come. */
    static KvSelection dueUntil(long now) {
        return KvSelection.below(RESERVED).from(Key.of(RESERVED, 0)).until(Key.of(RESERVED, now + 1));
    }

    /** The entry that a note is about. */
    static Key entryOfDue(Key due) {
        return entry(due.get(2, String.class), due.get(3, String.class));
    }

    static String requireName(String name) {
        Objects.requireNonNull(name, "namespace");
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInputException(
                    "simple.namespace",
                    "a namespace has 1 to " + NAME_CHARS_MAX + " characters, none of them a control character"
                            + " (chars=" + name.length() + ")");
        }
        return name;
    }

    /** A key as it stands in a message. */
    static String shown(String key) {
        return key.length() <= SHOWN_CHARS_MAX ? key : key.substring(0, SHOWN_CHARS_MAX) + "...";
    }
}
