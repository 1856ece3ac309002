package dev.holdfast.record;

/**
 * Content that is text.
 *
 * @param value any length, well-formed; U+0000 is allowed
 */
public record Text(String value) implements PayloadData {
    /** Refuses half a surrogate pair. */
    public Text {
        RecordRules.utf8Length("data", value);
    }

    /** How long it is, without what it says. */
    @Override
    public String toString() {
        return "Text[length=" + value.length() + "]";
    }
}
