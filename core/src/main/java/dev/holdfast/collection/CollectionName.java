package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;

/** The rules of names, of collections and of their indexes. */
final class CollectionName {
    /** What the names of the dropped begin with, and no other name can. */
    private static final String DROPPED = "\u0001";

    private CollectionName() {}

    static String require(String what, String name) {
        boolean fits = !name.isEmpty() && name.length() <= CollectionLimits.NAME_CHARS_MAX;
        if (!fits || !name.codePoints().allMatch(CollectionName::isAllowed)) {
            throw new InvalidInputException(
                    "collection.name",
                    "the name of " + what + " has 1 to " + CollectionLimits.NAME_CHARS_MAX
                            + " characters without control characters and lone surrogates (chars=" + name.length()
                            + ")");
        }
        return name;
    }

    /** The name of something dropped, until it is cleared away. */
    static String dropped(long number) {
        return DROPPED + number;
    }

    private static boolean isAllowed(int point) {
        return !Character.isISOControl(point) && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
    }
}
