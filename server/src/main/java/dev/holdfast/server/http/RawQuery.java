package dev.holdfast.server.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query in place: {@code a=1&b=2}, without a map, because most handlers ask for one or two names. A name
 * without {@code =} has an empty value; an empty pair is no pair.
 */
final class RawQuery {
    private RawQuery() {}

    /** The first value of a name as it was sent, or null. */
    static @Nullable String first(@Nullable String query, String name) {
        if (query == null) {
            return null;
        }
        for (int begin = 0; begin < query.length(); ) {
            int end = end(query, begin);
            int equal = equal(query, begin, end);
            if (isName(query, begin, equal, name)) {
                return value(query, equal, end);
            }
            begin = end + 1;
        }
        return null;
    }

    /** All values of a name as they were sent, in order. */
    static List<String> all(@Nullable String query, String name) {
        List<String> values = new ArrayList<>();
        if (query == null) {
            return values;
        }
        for (int begin = 0; begin < query.length(); ) {
            int end = end(query, begin);
            int equal = equal(query, begin, end);
            if (isName(query, begin, equal, name)) {
                values.add(value(query, equal, end));
            }
            begin = end + 1;
        }
        return values;
    }

    /** The different names, decoded, in the order of their first use. */
    static List<String> names(@Nullable String query) {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        if (query != null) {
            for (int begin = 0; begin < query.length(); ) {
                int end = end(query, begin);
                if (end > begin) {
                    names.add(Percent.decodeQuery(query.substring(begin, equal(query, begin, end))));
                }
                begin = end + 1;
            }
        }
        return List.copyOf(names);
    }

    private static int end(String query, int begin) {
        int and = query.indexOf('&', begin);
        return and < 0 ? query.length() : and;
    }

    private static int equal(String query, int begin, int end) {
        int equal = query.indexOf('=', begin);
        return equal < 0 || equal > end ? end : equal;
    }

    private static String value(String query, int equal, int end) {
        return equal == end ? "" : query.substring(equal + 1, end);
    }

    private static boolean isName(String query, int begin, int end, String name) {
        if (end == begin) {
            return false;
        }
        if (end - begin == name.length() && query.startsWith(name, begin)) {
            return true;
        }
        return escaped(query, begin, end)
                && Percent.decodeQuery(query.substring(begin, end)).equals(name);
    }

    private static boolean escaped(String text, int begin, int end) {
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '+') {
                return true;
            }
        }
        return false;
    }
}
