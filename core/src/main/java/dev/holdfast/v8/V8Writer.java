package dev.holdfast.v8;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Serializes JSON. */
final class V8Writer {
    private final V8Output out = new V8Output();

    private V8Writer() {}

    static byte[] write(JsonNode json) {
        V8Writer writer = new V8Writer();
        writer.value(json, 0);
        return writer.out.bytes();
    }

    /**
     * Writes a value.
     *
     * @param depth arrays and objects around it
     */
    private void value(JsonNode node, int depth) {
        switch (node.getNodeType()) {
            case NULL -> out.tag('0');
            case BOOLEAN -> out.tag(node.booleanValue() ? 'T' : 'F');
            case NUMBER -> number(node);
            case STRING -> out.text(node.stringValue());
            case ARRAY -> array(node, depth + 1);
            case OBJECT -> object(node, depth + 1);
            case BINARY, MISSING, POJO ->
                throw new InvalidInputException(
                        "v8.unsupported", "the tree holds something that is no JSON (type=" + node.getNodeType() + ")");
        }
    }

    private void number(JsonNode node) {
        double value = nearest(node);
        int integer = (int) value;
        // A negative zero equals zero and is no integer.
        if (integer == value && (integer != 0 || 1 / value > 0)) {
            out.int32(integer);
        } else {
            out.float64(value);
        }
    }

    private static double nearest(JsonNode node) {
        if (node.isInt() || node.isLong()) {
            return (double) node.longValue();
        }
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue().doubleValue();
        }
        // By its text: a decimal may have an exponent of any size.
        return node.isBigDecimal() ? Double.parseDouble(node.decimalValue().toString()) : node.doubleValue();
    }

    private void array(JsonNode array, int depth) {
        requireDepth(depth);
        out.tag('A');
        out.varint(array.size());
        for (JsonNode item : array) {
            value(item, depth);
        }
        out.tag('$');
        out.varint(0);
        out.varint(array.size());
    }

    private void object(JsonNode object, int depth) {
        Optional<BigInteger> tagged = BigIntegerTag.read(object);
        if (tagged.isPresent()) {
            out.bigInteger(tagged.get());
            return;
        }
        requireDepth(depth);
        out.tag('o');
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            out.text(member.getKey());
            value(member.getValue(), depth);
        }
        out.tag('{');
        out.varint(object.size());
    }

    private static void requireDepth(int depth) {
        if (depth > V8Json.DEPTH_MAX) {
            throw V8Reader.tooDeep();
        }
    }
}
