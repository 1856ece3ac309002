package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes a value on one line. An object that is referred to is written anew at each place, so what was written is
 * counted; one within itself is a number that stands before it.
 */
final class V8Inspector {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z_0-9]*");
    private static final String QUOTES = "\"'`";
    private static final String ESCAPED = "\b\f\n\r\t\u000b";
    private static final String ESCAPES = "bfnrtv";

    private final StringBuilder out = new StringBuilder();
    private final long charsMax;

    /** The objects that are being written. */
    private final Set<V8Value> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The numbers of those that stand within themselves. */
    private final IdentityHashMap<V8Value, Integer> circular = new IdentityHashMap<>();

    private V8Inspector(long charsMax) {
        this.charsMax = charsMax;
    }

    static String line(V8Value value, long charsMax) {
        V8Inspector inspector = new V8Inspector(charsMax);
        inspector.write(value);
        return inspector.out.toString();
    }

    private void write(V8Value value) {
        switch (value) {
            case V8Value.Plain plain -> out.append(plain.name().toLowerCase(Locale.ROOT));
            case V8Value.Num(double number) -> out.append(V8Text.of(number));
            case V8Value.Big(BigInteger integer) ->
                out.append(V8Printer.digits(integer)).append('n');
            case V8Value.Text(String text) -> quote(text, out);
            case V8Value.Boxed(V8Value primitive) -> boxed(primitive);
            case V8Value.Date date -> out.append(JsDate.text(date.millis()).orElse("Invalid Date"));
            case V8Value.RegExp(String source, String flags) ->
                out.append('/').append(source).append('/').append(flags);
            case V8Value.Bytes bytes -> bytes(bytes);
            case V8Value.Container container -> once(container);
        }
        if (out.length() > charsMax) {
            throw new InvalidInputException(
                    "v8.too_large", "the text of the value is longer than the limit (charsMax=" + charsMax + ")");
        }
    }

    private void boxed(V8Value primitive) {
        out.append('[').append(boxName(primitive)).append(": ");
        write(primitive);
        out.append(']');
    }

    private static String boxName(V8Value primitive) {
        if (primitive instanceof V8Value.Num) {
            return "Number";
        }
        if (primitive instanceof V8Value.Big) {
            return "BigInt";
        }
        return primitive instanceof V8Value.Text ? "String" : "Boolean";
    }

    private void bytes(V8Value.Bytes part) {
        List<Runnable> items = new ArrayList<>();
        for (int i = 0; i < Math.min(part.length(), V8Text.BYTES_SHOWN); i++) {
            int unsigned = part.all()[part.start() + i] & 0xff;
            items.add(() -> out.append(unsigned));
        }
        if (part.length() > V8Text.BYTES_SHOWN) {
            items.add(() -> out.append("... ")
                    .append(part.length() - V8Text.BYTES_SHOWN)
                    .append(" more items"));
        }
        out.append("Uint8Array(").append(part.length()).append(") ");
        enclosed("[", items, "]");
    }

    private void once(V8Value.Container container) {
        if (open.contains(container)) {
            int number = circular.computeIfAbsent(container, first -> circular.size() + 1);
            out.append("[Circular *").append(number).append(']');
            return;
        }
        if (open.size() >= V8Json.DEPTH_MAX) {
            throw V8Reader.tooDeep();
        }
        int start = out.length();
        open.add(container);
        container(container);
        open.remove(container);
        if (circular.containsKey(container)) {
            out.insert(start, "<ref *" + circular.get(container) + "> ");
        }
    }

    private void container(V8Value.Container container) {
        switch (container) {
            case V8Value.Members object -> enclosed("{", properties(object.properties()), "}");
            case V8Value.Items array -> enclosed("[", items(array), "]");
            case V8Value.Pairs map -> {
                out.append("Map(").append(map.flat().size() / 2).append(") ");
                enclosed("{", pairs(map.flat()), "}");
            }
            case V8Value.Elements set -> {
                out.append("Set(").append(set.values().size()).append(") ");
                enclosed("{", values(set.values()), "}");
            }
            case V8Value.Failure error -> failure(error.parts());
        }
    }

    /** What stands between two brackets, with a blank at each end unless there is nothing. */
    private void enclosed(String start, List<Runnable> items, String end) {
        out.append(start);
        String before = " ";
        for (Runnable item : items) {
            out.append(before);
            item.run();
            before = ", ";
        }
        out.append(items.isEmpty() ? "" : " ").append(end);
    }

    private List<Runnable> properties(List<V8Value.Property> properties) {
        List<Runnable> items = new ArrayList<>();
        for (V8Value.Property property : properties) {
            items.add(() -> {
                if (NAME.matcher(property.name()).matches()) {
                    out.append(property.name());
                } else {
                    quote(property.name(), out);
                }
                out.append(": ");
                write(property.value());
            });
        }
        return items;
    }

    private List<Runnable> values(List<V8Value> values) {
        List<Runnable> items = new ArrayList<>();
        values.forEach(value -> items.add(() -> write(value)));
        return items;
    }

    private List<Runnable> pairs(List<V8Value> flat) {
        List<Runnable> items = new ArrayList<>();
        for (int i = 0; i < flat.size(); i += 2) {
            V8Value key = flat.get(i);
            V8Value value = flat.get(i + 1);
            items.add(() -> {
                write(key);
                out.append(" => ");
                write(value);
            });
        }
        return items;
    }

    /** The slots in their order, with what is between them, and then the properties that are none. */
    private List<Runnable> items(V8Value.Items array) {
        TreeMap<Long, V8Value> slots = new TreeMap<>();
        List<V8Value.Property> others = new ArrayList<>();
        for (int i = 0; i < array.dense().size(); i++) {
            slots.put((long) i, array.dense().get(i));
        }
        for (V8Value.Property property : array.properties()) {
            if (property.slot() >= 0) {
                slots.put(property.slot(), property.value());
            } else {
                others.add(property);
            }
        }
        List<Runnable> items = new ArrayList<>();
        long next = 0;
        for (Map.Entry<Long, V8Value> slot : slots.entrySet()) {
            empty(items, slot.getKey() - next);
            items.add(() -> write(slot.getValue()));
            next = slot.getKey() + 1;
        }
        empty(items, array.slots() - next);
        items.addAll(properties(others));
        return items;
    }

    private void empty(List<Runnable> items, long count) {
        if (count > 0) {
            items.add(() -> out.append('<').append(count).append(count == 1 ? " empty item>" : " empty items>"));
        }
    }

    private void failure(List<V8Value.Property> parts) {
        String name = "Error";
        String message = "";
        for (V8Value.Property part : parts) {
            if (part.value() instanceof V8Value.Text(String text)) {
                name = part.name().equals("name") ? text : name;
                message = part.name().equals("message") ? text : message;
            }
        }
        out.append('[')
                .append(name)
                .append(message.isEmpty() ? "" : ": ")
                .append(escaped(message))
                .append(']');
    }

    static void quote(String text, StringBuilder out) {
        char quote = '"';
        for (int i = QUOTES.length() - 1; i >= 0; i--) {
            quote = text.indexOf(QUOTES.charAt(i)) < 0 ? QUOTES.charAt(i) : quote;
        }
        out.append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote || c == '\\') {
                out.append('\\');
            }
            escape(c, out);
        }
        out.append(quote);
    }

    private static String escaped(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> escape((char) c, line));
        return line.toString();
    }

    /** What would leave the line, or do something to a terminal. */
    private static void escape(char c, StringBuilder out) {
        int letter = ESCAPED.indexOf(c);
        if (letter >= 0) {
            out.append('\\').append(ESCAPES.charAt(letter));
        } else if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
            out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
        } else {
            out.append(c);
        }
    }
}
