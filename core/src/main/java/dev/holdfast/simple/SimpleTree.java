package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks a decoded value along a path. Maps with text keys have properties, lists have places; nothing lies below
 * anything else. Changes are made in place.
 */
final class SimpleTree {
    /** What a path that leads nowhere leads to: not a value, since null is one. */
    private static final Object MISSING = Missing.MISSING;

    private SimpleTree() {}

    static boolean isMissing(@Nullable Object found) {
        return found instanceof Missing;
    }

    /** The value at the end of a path, which may be {@link #isMissing missing}. */
    static @Nullable Object find(@Nullable Object root, List<String> steps) {
        Object at = root;
        for (String step : steps) {
            at = child(at, step);
            if (isMissing(at)) {
                return MISSING;
            }
        }
        return at;
    }

    private static @Nullable Object child(@Nullable Object parent, String step) {
        if (parent instanceof Map<?, ?> map && SimpleValues.isObject(map) && map.containsKey(step)) {
            return map.get(step);
        }
        if (parent instanceof List<?> list) {
            int place = place(step);
            return place >= 0 && place < list.size() ? list.get(place) : MISSING;
        }
        return MISSING;
    }

    /**
     * Puts a value at the end of a path, with an object for each step that is missing or null.
     *
     * @return the root, which is new when there was none
     * @throws InvalidInputException a step leads into what has no such property; nothing was changed
     */
    static Object set(@Nullable Object root, SimplePath path, @Nullable Object value) {
        Object top = root == null ? new LinkedHashMap<String, Object>() : root;
        Object at = top;
        List<String> steps = path.steps();
        requireWay(at, path);
        for (String step : steps.subList(0, steps.size() - 1)) {
            Object next = child(at, step);
            if (next == null || isMissing(next)) {
                next = new LinkedHashMap<String, Object>();
                put(at, step, next);
            }
            at = next;
        }
        put(at, steps.getLast(), value);
        return top;
    }

    /** Looks along the whole path before anything is changed. */
    private static void requireWay(Object root, SimplePath path) {
        Object at = root;
        for (String step : path.steps()) {
            if (at == null || isMissing(at)) {
                return; // from here on there will be new objects, which take every name
            }
            boolean takes = at instanceof List<?> list
                    ? place(step) >= 0 && place(step) <= list.size()
                    : at instanceof Map<?, ?> map && SimpleValues.isObject(map);
            if (!takes) {
                throw new InvalidInputException(
                        "simple.path",
                        "key '" + SimpleKeys.shown(path.text()) + "' leads nowhere: "
                                + (at instanceof List<?> list
                                        ? "step '" + SimpleKeys.shown(step) + "' is no place in a list of "
                                                + list.size() + ", which may grow by one at its end"
                                        : "there is no step '" + SimpleKeys.shown(step) + "' below "
                                                + SimpleValues.kind(at)));
            }
            at = child(at, step);
        }
    }

    @SuppressWarnings("unchecked") // what was decoded holds anything; requireWay has looked at keys and places
    private static void put(Object parent, String step, @Nullable Object value) {
        if (parent instanceof List<?> list) {
            List<@Nullable Object> places = (List<@Nullable Object>) list;
            int place = place(step);
            if (place == places.size()) {
                places.add(value);
            } else {
                places.set(place, value);
            }
        } else {
            ((Map<String, @Nullable Object>) parent).put(step, value);
        }
    }

    /** Removes what is at the end of a path; in a list later elements move up. */
    static Removed remove(@Nullable Object root, List<String> steps) {
        Object parent = find(root, steps.subList(0, steps.size() - 1));
        String last = steps.getLast();
        if (isMissing(child(parent, last))) {
            return Removed.NOTHING;
        }
        if (parent instanceof List<?> list) {
            list.remove(place(last));
            return Removed.ELEMENT;
        }
        if (parent instanceof Map<?, ?> map) {
            map.remove(last);
        }
        return Removed.PROPERTY;
    }

    /** The place in a list that a step names, -1 for none: decimal, without sign or leading zeros. */
    static int place(String step) {
        boolean digits = !step.isEmpty() && step.length() <= 9 && step.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (step.length() == 1 || step.charAt(0) != '0') ? Integer.parseInt(step) : -1;
    }

    private enum Missing {
        MISSING
    }

    /** What a removal took away. */
    enum Removed {
        /** There was nothing. */
        NOTHING,
        /** A property of an object. */
        PROPERTY,
        /** An element of a list: those behind it have new places. */
        ELEMENT
    }
}
