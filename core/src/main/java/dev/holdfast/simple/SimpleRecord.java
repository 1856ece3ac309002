package dev.holdfast.simple;

import dev.holdfast.codec.Codecs;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry in the hand: its value, decoded and free to be changed, and when it and its properties expire. Properties
 * whose time has passed are gone already.
 */
final class SimpleRecord {
    private static final String VALUE = SimpleValues.MARK + "value";
    private static final String EXPIRES = SimpleValues.MARK + "expires";

    private final SimpleExpiries expiries;
    private final Optional<Instant> expiresAt;
    private final boolean pruned;
    private @Nullable Object value;

    private SimpleRecord(@Nullable Object value, SimpleExpiries expiries, Optional<Instant> expiresAt, long now) {
        this.value = value;
        this.expiries = expiries;
        this.expiresAt = expiresAt;
        this.pruned = prune(now);
    }

    /** What is there when nothing is stored. */
    static SimpleRecord none() {
        return new SimpleRecord(null, new SimpleExpiries(), Optional.empty(), 0);
    }

    /** A stored entry as it is at a time. */
    static SimpleRecord of(KvEntry entry, long now) {
        JsonNode tree = entry.value().json();
        SimpleExpiries expiries = new SimpleExpiries();
        if (tree.isObject() && tree.has(EXPIRES)) {
            tree.path(EXPIRES)
                    .forEach(time ->
                            expiries.put(steps(time.path(0)), time.path(1).longValue()));
            tree = tree.path(VALUE);
        }
        return new SimpleRecord(SimpleDecoder.decode(tree), expiries, entry.expiresAt(), now);
    }

    /** How a whole value without properties that expire is stored. */
    static KvValue stored(@Nullable Object value) {
        return KvValue.of(Codecs.jsonTree(), SimpleEncoder.encode(value));
    }

    /** How the entry is stored. */
    KvValue stored() {
        if (expiries.isEmpty()) {
            return stored(value);
        }
        ObjectNode tree = Json.mapper().createObjectNode();
        tree.set(VALUE, SimpleEncoder.encode(value));
        ArrayNode times = tree.putArray(EXPIRES);
        expiries.forEach((path, at) -> {
            ArrayNode time = times.addArray();
            path.forEach(time.addArray()::add);
            time.add(at);
        });
        return KvValue.of(Codecs.jsonTree(), tree);
    }

    @Nullable
    Object value() {
        return value;
    }

    /** When the entry as a whole expires. */
    Optional<Instant> expiresAt() {
        return expiresAt;
    }

    SimpleExpiries expiries() {
        return expiries;
    }

    /** Whether the stored form holds properties whose time has passed. */
    boolean isPruned() {
        return pruned;
    }

    /** The value at a path; see {@link SimpleTree#isMissing}. */
    @Nullable
    Object find(SimplePath path) {
        return SimpleTree.find(value, path.steps());
    }

    /** Sets a property, which does not expire by itself from then on. */
    void set(SimplePath path, @Nullable Object property) {
        value = SimpleTree.set(value, path, property);
        expiries.forget(path.steps());
    }

    /** Gives a property another value; it expires when it did before. */
    void replace(SimplePath path, @Nullable Object property) {
        value = path.isWhole() ? property : SimpleTree.set(value, path, property);
    }

    /** Removes a property; answers whether it was there. */
    boolean remove(List<String> steps) {
        SimpleTree.Removed removed = SimpleTree.remove(value, steps);
        if (removed == SimpleTree.Removed.ELEMENT) {
            expiries.elementRemoved(steps);
        } else {
            expiries.forget(steps);
        }
        return removed != SimpleTree.Removed.NOTHING;
    }

    private boolean prune(long now) {
        boolean found = false;
        for (Optional<List<String>> due = expiries.due(now); due.isPresent(); due = expiries.due(now)) {
            remove(due.get());
            found = true;
        }
        return found;
    }

    private static List<String> steps(JsonNode array) {
        List<String> steps = new ArrayList<>();
        array.forEach(step -> steps.add(step.stringValue()));
        return List.copyOf(steps);
    }
}
