package dev.holdfast.kv;

import dev.holdfast.filter.Filter;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether the value of an entry matches a filter, which none and every value does. Values without a JSON form match no
 * filter.
 */
final class KvMatch implements Predicate<KvEntry> {
    private final @Nullable Predicate<JsonNode> filter;

    KvMatch(Optional<Filter> where) {
        this.filter = where.map(Filter::predicate).orElse(null);
    }

    @Override
    public boolean test(KvEntry entry) {
        return filter == null || entry.value().findJson().filter(filter).isPresent();
    }
}
