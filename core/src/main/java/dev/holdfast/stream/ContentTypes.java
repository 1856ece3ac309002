package dev.holdfast.stream;

import java.util.Locale;

/** Media types inside content types: what stands before the parameters, in any letter case. */
final class ContentTypes {
    private ContentTypes() {}

    static String media(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    static boolean same(String one, String other) {
        return media(one).equals(media(other));
    }

    static boolean isJson(String contentType) {
        return media(contentType).equals(StreamSpec.JSON);
    }
}
