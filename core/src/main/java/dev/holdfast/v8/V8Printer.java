package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON form of a value. An object that is referred to is made anew at each place, which 30 objects can turn
 * into a thousand million; so the bytes of the text are counted while the tree grows.
 */
final class V8Printer {
    /** Bytes of text for each byte of the value, and those that even the smallest may have. */
    private static final long BYTES_PER_BYTE = 16;

    private static final long BYTES_MORE = 64 << 10;

    /** The same for large values. */
    private static final long LARGE_BYTES_PER_BYTE = 2;

    private static final long LARGE_BYTES_MORE = 64 << 20;

    /** More bits than an integer of this many digits can have need not be written out to be refused. */
    private static final int BITS_MAX = (int) (BigIntegerTag.DIGITS_MAX * 3.3220) + 1;

    /** The characters of a number that is no int, at most. */
    private static final int NUMBER_CHARS = 25;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String VALUE = BigIntegerTag.VALUE;

    private final long bytesMax;
    private long bytes;

    /** The steps from the root to the place that is being made: one for each array and object around it. */
    private final List<Object> path = new ArrayList<>();

    /** Where in the path the objects stand that are being made. */
    private final IdentityHashMap<V8Value, Integer> open = new IdentityHashMap<>();

    private V8Printer(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    static JsonNode print(V8Value value, int serializedBytes) {
        return new V8Printer(bytesMax(serializedBytes)).print(value);
    }

    /** The bytes that the text of a value of so many may have. */
    static long bytesMax(int serializedBytes) {
        long small = BYTES_PER_BYTE * serializedBytes + BYTES_MORE;
        long large = LARGE_BYTES_PER_BYTE * serializedBytes + LARGE_BYTES_MORE;
        return Math.min(small, large);
    }

    /** Small, as is all that calls itself here: a level takes as little of the stack as possible. */
    private JsonNode print(V8Value value) {
        return value instanceof V8Value.Container container ? once(container) : leaf(value);
    }

    private JsonNode leaf(V8Value value) {
        return switch (value) {
            case V8Value.Plain plain -> plain(plain);
            case V8Value.Num(double number) -> number(number);
            case V8Value.Big(BigInteger integer) -> tag(BigIntegerTag.BIGINT, digits(integer));
            case V8Value.Text(String text) -> text(text);
            case V8Value.Boxed(V8Value primitive) -> leaf(primitive);
            case V8Value.Date date -> date(date);
            case V8Value.RegExp(String source, String flags) -> tag("regexp", "/" + source + "/" + flags);
            case V8Value.Bytes part -> tag("bytes", base64(part));
            case V8Value.Container container -> once(container);
        };
    }

    private JsonNode plain(V8Value.Plain plain) {
        spend(plain == V8Value.Plain.FALSE ? 5 : 4);
        return switch (plain) {
            case UNDEFINED, NULL -> NODES.nullNode();
            case TRUE -> NODES.booleanNode(true);
            case FALSE -> NODES.booleanNode(false);
        };
    }

    private JsonNode number(double number) {
        boolean negativeZero = number == 0 && 1 / number < 0;
        if (negativeZero || Double.isNaN(number) || Double.isInfinite(number)) {
            return tag("number", negativeZero ? "-0" : JsNumber.text(number));
        }
        JsonNode node = JsNumber.node(number);
        spend(node.isInt() ? decimals(node.intValue()) : NUMBER_CHARS);
        return node;
    }

    private static int decimals(int integer) {
        int chars = integer < 0 ? 2 : 1;
        for (int rest = integer / 10; rest != 0; rest /= 10) {
            chars++;
        }
        return chars;
    }

    /** The decimal digits of an integer that has not too many. */
    static String digits(BigInteger integer) {
        String digits = integer.bitLength() > BITS_MAX ? "" : integer.toString();
        if (digits.isEmpty() || digits.length() - (integer.signum() < 0 ? 1 : 0) > BigIntegerTag.DIGITS_MAX) {
            throw new InvalidInputException(
                    "v8.too_large",
                    "the value holds a big integer with more digits than the limit (bits=" + integer.bitLength()
                            + ", digitsMax=" + BigIntegerTag.DIGITS_MAX + ")");
        }
        return digits;
    }

    private JsonNode text(String text) {
        spend(quoted(text));
        return NODES.stringNode(text);
    }

    private JsonNode date(V8Value.Date date) {
        Optional<String> text = JsDate.text(date.millis());
        if (text.isPresent()) {
            return tag("date", text.get());
        }
        ObjectNode tag = tag("date");
        tag.set(VALUE, plain(V8Value.Plain.NULL));
        return tag;
    }

    private static String base64(V8Value.Bytes part) {
        byte[] bytes = Arrays.copyOfRange(part.all(), part.start(), part.start() + part.length());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** An object, or the path to it from within itself. */
    private JsonNode once(V8Value.Container container) {
        Integer steps = open.get(container);
        if (steps != null) {
            return tag("ref", JsPath.text(path.subList(0, steps)));
        }
        open.put(container, path.size());
        JsonNode node = switch (container) {
            case V8Value.Members object -> members(object.properties());
            case V8Value.Items array -> items(array);
            case V8Value.Pairs map -> pairs(map.flat());
            case V8Value.Elements set -> elements(set.values());
            case V8Value.Failure error -> failure(error.parts());
        };
        open.remove(container);
        return node;
    }

    private ObjectNode members(List<V8Value.Property> properties) {
        ObjectNode object = object();
        for (V8Value.Property property : properties) {
            spend(quoted(property.name()) + 2);
            object.set(property.name(), at(property.name(), property.value()));
        }
        return object;
    }

    private ArrayNode items(V8Value.Items items) {
        ArrayNode array = items.dense().size() < items.slots() ? holes(items.slots()) : array(items.dense());
        for (V8Value.Property property : items.properties()) {
            // A property that is no slot is not part of an array in JSON, as in JavaScript's own.
            if (property.slot() >= 0) {
                int slot = (int) property.slot();
                array.set(slot, at(slot, property.value()));
            }
        }
        return array;
    }

    private ArrayNode holes(long slots) {
        if (slots > V8Json.SPARSE_SLOTS_MAX) {
            throw new InvalidInputException(
                    "v8.too_large",
                    "the value holds a sparse array with more slots than the limit (slots=" + slots + ", slotsMax="
                            + V8Json.SPARSE_SLOTS_MAX + ")");
        }
        ArrayNode array = array();
        spend(slots);
        for (long i = 0; i < slots; i++) {
            array.add(NODES.nullNode());
        }
        return array;
    }

    private ObjectNode pairs(List<V8Value> flat) {
        ObjectNode tag = tag("map");
        path.add(VALUE);
        ArrayNode pairs = array();
        for (int i = 0; i < flat.size(); i += 2) {
            path.add(i / 2);
            spend(1);
            pairs.add(array(flat.subList(i, i + 2)));
            path.removeLast();
        }
        path.removeLast();
        tag.set(VALUE, pairs);
        return tag;
    }

    private ObjectNode elements(List<V8Value> values) {
        ObjectNode tag = tag("set");
        path.add(VALUE);
        tag.set(VALUE, array(values));
        path.removeLast();
        return tag;
    }

    private ObjectNode failure(List<V8Value.Property> parts) {
        ObjectNode tag = tag("error");
        path.add(VALUE);
        ObjectNode error = object();
        spend("\"name\":\"Error\",".length());
        error.put("name", "Error");
        for (V8Value.Property part : parts) {
            spend(quoted(part.name()) + 2);
            error.set(part.name(), at(part.name(), part.value()));
        }
        path.removeLast();
        tag.set(VALUE, error);
        return tag;
    }

    private ArrayNode array(List<V8Value> values) {
        ArrayNode array = array();
        for (int i = 0; i < values.size(); i++) {
            spend(1);
            array.add(at(i, values.get(i)));
        }
        return array;
    }

    /** What stands one step below the place that is being made. */
    private JsonNode at(Object step, V8Value value) {
        path.add(step);
        JsonNode node = print(value);
        path.removeLast();
        return node;
    }

    private ObjectNode object() {
        level();
        return NODES.objectNode();
    }

    private ArrayNode array() {
        level();
        return NODES.arrayNode();
    }

    /** A mark, to which its value is to be added. */
    private ObjectNode tag(String type) {
        spend(quoted(BigIntegerTag.TYPE) + quoted(VALUE) + quoted(type) + 3);
        return object().put(BigIntegerTag.TYPE, type);
    }

    private ObjectNode tag(String type, String value) {
        ObjectNode tag = tag(type);
        spend(quoted(value));
        return tag.put(VALUE, value);
    }

    /** Begins an array or an object. */
    private void level() {
        if (path.size() >= V8Json.DEPTH_MAX) {
            throw V8Reader.tooDeep();
        }
        spend(2);
    }

    private void spend(long more) {
        bytes += more;
        if (bytes > bytesMax) {
            throw new InvalidInputException(
                    "v8.too_large",
                    "the JSON form of the value is larger than the limit (jsonBytesMax=" + bytesMax + ")");
        }
    }

    /** The bytes of a JSON text, at most. */
    private static long quoted(String text) {
        long bytes = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || Character.isSurrogate(c)) {
                bytes += 6; // half of a pair may be escaped; a whole one has fewer
            } else if (c < 0x80) {
                bytes += c == '"' || c == '\\' ? 2 : 1;
            } else {
                bytes += c < 0x800 ? 2 : 3;
            }
        }
        return bytes;
    }
}
