package dev.holdfast.simple;

import dev.holdfast.engine.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** When properties of one entry expire: paths and times. They follow the values when a list closes up. */
final class SimpleExpiries {
    private static final int COUNT_MAX = 1_000;

    private Map<List<String>, Long> times = new LinkedHashMap<>();

    boolean isEmpty() {
        return times.isEmpty();
    }

    void put(List<String> path, long at) {
        if (times.size() >= COUNT_MAX && !times.containsKey(path)) {
            throw new InvalidInputException(
                    "simple.too_many_expiries",
                    "too many properties of one entry expire on their own (expiriesMax=" + COUNT_MAX + ")");
        }
        times.put(path, at);
    }

    /** Forgets a property and everything below it, because it has another value or none. */
    void forget(List<String> path) {
        times.keySet().removeIf(key -> startsWith(key, path));
    }

    /** The element of a list is gone and later ones have moved up. */
    void elementRemoved(List<String> path) {
        List<String> list = path.subList(0, path.size() - 1);
        int gone = SimpleTree.place(path.getLast());
        Map<List<String>, Long> moved = new LinkedHashMap<>();
        times.forEach((key, at) -> {
            if (key.size() > list.size() && startsWith(key, list)) {
                int place = SimpleTree.place(key.get(list.size()));
                if (place > gone) {
                    moved.put(withStep(key, list.size(), String.valueOf(place - 1)), at);
                } else if (place < gone) {
                    moved.put(key, at);
                }
            } else {
                moved.put(key, at);
            }
        });
        times = moved;
    }

    /** When a property expires by itself, or because the nearest one around it does; nothing when with the entry. */
    OptionalLong nearest(List<String> path) {
        for (int size = path.size(); size > 0; size--) {
            Long at = times.get(path.subList(0, size));
            if (at != null) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    /** A property whose time has passed, if there is one. */
    Optional<List<String>> due(long now) {
        return times.entrySet().stream()
                .filter(time -> time.getValue() <= now)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void forEach(BiConsumer<List<String>, Long> action) {
        times.forEach(action);
    }

    private static boolean startsWith(List<String> path, List<String> beginning) {
        return path.size() >= beginning.size()
                && path.subList(0, beginning.size()).equals(beginning);
    }

    private static List<String> withStep(List<String> path, int index, String step) {
        String[] steps = path.toArray(String[]::new);
        steps[index] = step;
        return List.of(steps);
    }
}
