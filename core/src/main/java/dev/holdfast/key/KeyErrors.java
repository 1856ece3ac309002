package dev.holdfast.key;

import dev.holdfast.engine.InvalidInputException;

/**
 * Every refusal of a key. The texts are the ones that KeyVal clients look for, so they are part of the protocol; what
 * follows the first sentence is ours.
 */
final class KeyErrors {
    static final String PART_TYPES = "(string | number | bigint | boolean | Uint8Array)";

    private static final int SHOWN_CHARS_MAX = 50;

    private KeyErrors() {}

    static InvalidInputException empty() {
        return new InvalidInputException(
                "key.empty", "Key cannot be empty. Provide at least one key part, e.g. [\"users\", 123]");
    }

    static InvalidInputException tooDeep(int parts) {
        return new InvalidInputException(
                "key.too_deep",
                "Key too deep: " + parts + " parts (max " + Key.PARTS_MAX + "). Join some of its parts into one.");
    }

    static InvalidInputException textTooLong(int index, int chars) {
        return new InvalidInputException(
                "key.part_too_long",
                "Key part at index " + index + " too long: " + chars + " chars (max " + Key.PART_CHARS_MAX
                        + "). Use a shorter id, or a hash of it, and keep the text in the value.");
    }

    static InvalidInputException bytesTooLarge(int index, int bytes, int max) {
        return new InvalidInputException(
                "key.part_too_long",
                "Key part at index " + index + " too large: " + bytes + " bytes (max " + max + ")");
    }

    static InvalidInputException tooLarge(int bytes) {
        return new InvalidInputException(
                "key.too_large", "Key too large: " + bytes + " bytes (max " + Key.ENCODED_BYTES_MAX + ")");
    }

    /** A part of a Java type that no key holds: names the class, as its text could be anything. */
    static InvalidInputException partType(int index, Object part) {
        return new InvalidInputException(
                "key.invalid_part",
                "Invalid key part at index " + index + ": expected " + PART_TYPES + ", received "
                        + part.getClass().getName());
    }

    static InvalidInputException inexactLong(int index, long value) {
        return new InvalidInputException(
                "key.invalid_part",
                "Invalid key part at index " + index + ": expected " + PART_TYPES + ", received number: " + value
                        + ". A number part is a double, which is exact to 9007199254740992 (2^53):"
                        + " use a BigInteger beyond that");
    }

    static InvalidInputException notAnArray(String type, String value) {
        return new InvalidInputException(
                "key.not_an_array", "Key must be an array of " + PART_TYPES + ", received " + type + ": " + cut(value));
    }

    static InvalidInputException jsonPart(int index, String type, String value, String hint) {
        return new InvalidInputException(
                "key.invalid_part",
                "Invalid key part at index " + index + ": expected " + PART_TYPES + ", received " + type + ": "
                        + cut(value) + hint);
    }

    static InvalidInputException notAList(String type, String value) {
        return new InvalidInputException(
                "key.list_not_an_array", "Keys must be an array of key arrays, received " + type + ": " + cut(value));
    }

    static InvalidInputException emptyList() {
        return new InvalidInputException(
                "key.list_empty", "Keys array cannot be empty. Provide at least one key, e.g. [[\"users\", 123]]");
    }

    static InvalidInputException longList(int keys, int max) {
        return new InvalidInputException(
                "key.list_too_long", "Too many keys: " + keys + " (max " + max + "). Send them in several requests.");
    }

    static InvalidInputException inList(int index, InvalidInputException problem) {
        return new InvalidInputException(
                problem.code(), "Invalid key at index " + index + ": " + problem.detail(), problem);
    }

    static InvalidInputException emptyPath() {
        return new InvalidInputException("key.empty", "Key path cannot be empty");
    }

    static InvalidInputException deepPath() {
        return new InvalidInputException("key.too_deep", "Key path too deep (max " + Key.PARTS_MAX + " parts)");
    }

    static InvalidInputException longPathPart() {
        return new InvalidInputException(
                "key.part_too_long", "Key part too long (max " + Key.PART_CHARS_MAX + " chars)");
    }

    static InvalidInputException brokenEscape(int index) {
        return new InvalidInputException(
                "key.path_malformed",
                "Key path has a broken percent escape in part " + index
                        + ": expected %XX escapes of UTF-8, and a percent sign itself as %25");
    }

    static InvalidInputException malformed(int at, String problem) {
        return new InvalidInputException(
                "key.malformed", "the bytes are no encoded key: " + problem + " (at=" + at + ")");
    }

    /** At most 50 characters of a shown value, the last three being dots when something is missing. */
    private static String cut(String value) {
        return value.length() <= SHOWN_CHARS_MAX ? value : value.substring(0, SHOWN_CHARS_MAX - 3) + "...";
    }
}
