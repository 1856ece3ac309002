package dev.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Values that change from request to request, and what was sent of them last. */
final class AdapterValues {
    private final Map<String, Supplier<String>> values = new LinkedHashMap<>();
    private final Map<String, String> sent = new LinkedHashMap<>();

    /** Declares a value by its kind: a counter from 1 on, the time in milliseconds, or a text that stays. */
    void declare(JsonNode command) {
        String name = command.path("name").asString("");
        Supplier<String> value = switch (command.path("valueType").asString("")) {
            case "counter" -> {
                AtomicLong count = new AtomicLong();
                yield () -> Long.toString(count.incrementAndGet());
            }
            case "timestamp" -> () -> Long.toString(System.currentTimeMillis());
            default -> {
                String text = command.path("initialValue").asString("");
                yield () -> text;
            }
        };
        values.put(name, () -> {
            String now = value.get();
            synchronized (sent) {
                sent.put(name, now);
            }
            return now;
        });
    }

    Map<String, Supplier<String>> all() {
        return values;
    }

    void clear() {
        values.clear();
    }

    /** Puts what was sent since the last call under a name; nothing when there are no such values. */
    void tell(ObjectNode result, String name) {
        synchronized (sent) {
            if (!values.isEmpty()) {
                ObjectNode told = result.putObject(name);
                sent.forEach((key, value) -> told.put(key, value));
            }
            sent.clear();
        }
    }
}
