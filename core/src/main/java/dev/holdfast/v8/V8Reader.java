package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads a serialized value. Objects are numbered in the order in which they begin, and referred to by their number. */
final class V8Reader {
    /** The letters of a regular expression's flags, the lowest bit first. */
    private static final String FLAGS = "gimyusldv";

    /** Kinds of Node's host objects: typed arrays, buffers, data views. */
    private static final int HOST_KINDS = 14;

    /** Of a view: that it follows its buffer's length, that its buffer can be resized. */
    private static final int VIEW_FLAGS_MAX = 0b11;

    private final V8Input in;
    private final List<V8Value> objects = new ArrayList<>();
    private int depth;

    private V8Reader(V8Input in) {
        this.in = in;
    }

    static V8Value read(byte[] v8) {
        V8Input in = new V8Input(v8);
        V8Value value = new V8Reader(in).value();
        in.requireEnd();
        return value;
    }

    private V8Value value() {
        V8Value value = tagged(in.tag());
        // A view stands behind its buffer, or behind a reference to it, and takes its place.
        return value instanceof V8Value.Bytes bytes && bytes.buffer() && in.take('V') ? view(bytes) : value;
    }

    private V8Value tagged(int tag) {
        return switch (tag) {
            case '_' -> V8Value.Plain.UNDEFINED;
            case '0' -> V8Value.Plain.NULL;
            case 'T' -> V8Value.Plain.TRUE;
            case 'F' -> V8Value.Plain.FALSE;
            case 'I', 'U', 'N' -> new V8Value.Num(number(tag));
            case 'Z' -> new V8Value.Big(in.bigInteger());
            case '"', 'S', 'c' -> new V8Value.Text(in.text(tag));
            case '^' -> reference();
            case 'o', 'A', 'a', ';', '\'', 'r' -> container(tag);
            default -> object(tag);
        };
    }

    private double number(int tag) {
        return switch (tag) {
            case 'I' -> in.int32();
            case 'U' -> (double) in.uint32();
            case 'N' -> in.float64();
            default -> throw in.malformed("a number was expected, not tag " + tag);
        };
    }

    private V8Value reference() {
        long number = in.uint32();
        if (number >= objects.size()) {
            throw in.malformed("a reference to object " + number + " of " + objects.size());
        }
        return objects.get((int) number);
    }

    /** Objects that hold no other values. */
    private V8Value object(int tag) {
        V8Value object = switch (tag) {
            case 'D' -> new V8Value.Date(in.float64());
            case 'y' -> new V8Value.Boxed(V8Value.Plain.TRUE);
            case 'x' -> new V8Value.Boxed(V8Value.Plain.FALSE);
            case 'n' -> new V8Value.Boxed(new V8Value.Num(in.float64()));
            case 'z' -> new V8Value.Boxed(new V8Value.Big(in.bigInteger()));
            case 's' -> new V8Value.Boxed(text());
            case 'R' -> new V8Value.RegExp(text().value(), flags());
            case 'B' -> buffer(in.varint());
            case '~' -> resizable();
            case '\\' -> hostObject();
            default -> throw in.malformed("tag " + tag + " is unknown");
        };
        objects.add(object);
        return object;
    }

    private V8Value.Text text() {
        return new V8Value.Text(in.text(in.tag()));
    }

    private String flags() {
        long bits = in.uint32();
        if (bits >= (1L << FLAGS.length())) {
            throw in.malformed("flags of a regular expression that are unknown");
        }
        StringBuilder letters = new StringBuilder();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            int bit = FLAGS.indexOf(letter);
            if (bit >= 0 && ((bits >> bit) & 1) != 0) {
                letters.append(letter);
            }
        }
        return letters.toString();
    }

    private V8Value.Bytes buffer(long length) {
        int bytes = in.within(length);
        return new V8Value.Bytes(in.bytes(), in.skip(bytes), bytes, true);
    }

    private V8Value.Bytes resizable() {
        long length = in.varint();
        if (in.varint() < length) {
            throw in.malformed("a buffer is longer than it may become");
        }
        return buffer(length);
    }

    private V8Value.Bytes hostObject() {
        long kind = in.varint();
        if (kind >= HOST_KINDS) {
            throw in.malformed("host object " + kind + " is unknown");
        }
        int length = in.length();
        return new V8Value.Bytes(in.bytes(), in.skip(length), length, false);
    }

    private V8Value view(V8Value.Bytes buffer) {
        int size = elementSize(in.u8());
        long offset = in.varint();
        long length = in.varint();
        long flags = in.hasViewFlags() ? in.varint() : 0;
        if (offset > buffer.length() || length > buffer.length() - offset) {
            throw in.malformed("a view leaves its buffer");
        }
        if (offset % size != 0 || length % size != 0 || flags > VIEW_FLAGS_MAX) {
            throw in.malformed("a view does not fit its buffer");
        }
        V8Value view = new V8Value.Bytes(buffer.all(), buffer.start() + (int) offset, (int) length, false);
        objects.add(view);
        return view;
    }

    private int elementSize(int kind) {
        return switch (kind) {
            case 'b', 'B', 'C', '?' -> 1;
            case 'w', 'W', 'h' -> Short.BYTES;
            case 'd', 'D', 'f' -> Integer.BYTES;
            case 'F', 'q', 'Q' -> Long.BYTES;
            default -> throw in.malformed("view " + kind + " is unknown");
        };
    }

    private V8Value container(int tag) {
        return switch (tag) {
            case 'o' -> filled(new V8Value.Members(), members -> properties(members.properties(), '{'));
            case 'A' -> filled(new V8Value.Items(in.length()), this::dense);
            case 'a' -> filled(new V8Value.Items(in.uint32()), items -> rest(items, '@'));
            case ';' -> filled(new V8Value.Pairs(), map -> values(map.flat(), 2, ':'));
            case '\'' -> filled(new V8Value.Elements(), set -> values(set.values(), 1, ','));
            case 'r' -> filled(new V8Value.Failure(), this::parts);
            default -> throw in.malformed("tag " + tag + " is unknown");
        };
    }

    private <T extends V8Value.Container> T filled(T container, Consumer<T> fill) {
        if (++depth > V8Json.DEPTH_MAX) {
            throw tooDeep();
        }
        objects.add(container);
        fill.accept(container);
        depth--;
        return container;
    }

    private void dense(V8Value.Items items) {
        for (long i = 0; i < items.slots(); i++) {
            items.dense().add(in.take('-') ? V8Value.Plain.UNDEFINED : value());
        }
        rest(items, '$');
    }

    /** What follows the dense values: properties, and the number of slots once more. */
    private void rest(V8Value.Items items, int end) {
        properties(items.properties(), end);
        boolean outside = items.properties().stream().anyMatch(property -> property.slot() >= items.slots());
        if (in.uint32() != items.slots() || outside) {
            throw in.malformed("an array has another length than it says");
        }
    }

    private void properties(List<V8Value.Property> into, int end) {
        while (!in.take(end)) {
            into.add(new V8Value.Property(name(in.tag()), value()));
        }
        requireCount(into.size());
    }

    private String name(int tag) {
        return switch (tag) {
            case 'I', 'U', 'N' -> JsNumber.text(number(tag));
            default -> in.text(tag);
        };
    }

    private void values(List<V8Value> into, int each, int end) {
        while (!in.take(end)) {
            for (int i = 0; i < each; i++) {
                into.add(value());
            }
        }
        requireCount(into.size());
    }

    private void requireCount(int read) {
        long said = in.uint32();
        if (said != read) {
            throw in.malformed("an object has " + read + " entries where it says " + said);
        }
    }

    private void parts(V8Value.Failure failure) {
        for (int part = in.u8(); part != '.'; part = in.u8()) {
            V8Value.Property read = part(part);
            failure.parts().removeIf(earlier -> earlier.name().equals(read.name()));
            failure.parts().add(read);
        }
    }

    private V8Value.Property part(int part) {
        return switch (part) {
            case 'E' -> errorName("EvalError");
            case 'R' -> errorName("RangeError");
            case 'F' -> errorName("ReferenceError");
            case 'S' -> errorName("SyntaxError");
            case 'T' -> errorName("TypeError");
            case 'U' -> errorName("URIError");
            case 'm' -> new V8Value.Property("message", text());
            case 's' -> new V8Value.Property("stack", text());
            case 'c' -> new V8Value.Property("cause", value());
            default -> throw in.malformed("part " + part + " of an error is unknown");
        };
    }

    private static V8Value.Property errorName(String name) {
        return new V8Value.Property("name", new V8Value.Text(name));
    }

    static InvalidInputException tooDeep() {
        return new InvalidInputException(
                "v8.too_deep",
                "the value nests arrays and objects deeper than the limit (depthMax=" + V8Json.DEPTH_MAX + ")");
    }
}
