package dev.holdfast.collection;

import dev.holdfast.filter.FieldPath;
import java.util.Objects;

/**
 * One key of an order of documents.
 *
 * <p>Values sort as in {@link dev.holdfast.filter.JsonOrder}: missing, null, false, true, numbers, strings by code
 * point, arrays, objects. The order looks at the first 250 bytes or so of a value; documents that are alike so far come
 * in the order of their ids.
 *
 * @param path the field
 * @param descending from the greatest value to the least
 */
public record DocumentSort(FieldPath path, boolean descending) {
    /** Checks for null. */
    public DocumentSort {
        Objects.requireNonNull(path, "path");
    }

    /** The field at a path, from the least value to the greatest. */
    public static DocumentSort ascending(String path) {
        return new DocumentSort(FieldPath.parse(path), false);
    }

    /** The field at a path, from the greatest value to the least. */
    public static DocumentSort descending(String path) {
        return new DocumentSort(FieldPath.parse(path), true);
    }

    /**
     * The written form: a path, behind a minus sign when descending. A field whose name begins with one stands in
     * double quotes.
     */
    public static DocumentSort parse(String text) {
        return text.startsWith("-") ? descending(text.substring(1)) : ascending(text);
    }

    /** The written form, which {@link #parse} reads back. */
    @Override
    public String toString() {
        if (descending) {
            return "-" + path;
        }
        String text = path.toString();
        return text.startsWith("-") ? "$." + text : text;
    }
}
