package dev.holdfast.key;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.BigIntegerTag;
import dev.holdfast.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Keys as JSON arrays, both ways and without loss: {@code ["users",42,true]}.
 *
 * <p>What JSON has no form for is an object of two members: {@code {"__type":"bigint","value":"5"}},
 * {@code {"__type":"bytes","value":"<base64url>"}} without padding, and {@code {"__type":"number","value":"NaN"}} for
 * the doubles {@code NaN}, {@code Infinity}, {@code -Infinity} and {@code -0}. A plain JSON number is a number part;
 * one that a double would turn into a neighbour, or into infinity, is refused.
 *
 * <p>The beginnings of the messages are those that KeyVal clients look for.
 */
public final class KeyJson {
    private KeyJson() {}

    /**
     * The key of a JSON text.
     *
     * @throws InvalidInputException {@code json.malformed}, or as {@link #key(JsonNode)}
     */
    public static Key parse(String json) {
        return key(Json.parse(Objects.requireNonNull(json, "json")));
    }

    /**
     * The key of a JSON array.
     *
     * @param node the array; a missing node is reported as undefined
     * @throws InvalidInputException {@code key.not_an_array}, {@code key.invalid_part}, or as {@link Key#of(Object...)}
     */
    public static Key key(JsonNode node) {
        return Key.of(parts(Objects.requireNonNull(node, "node")));
    }

    /**
     * The key of a JSON array that {@link #tree(Key)} made of a stored one. Its parts may be as long as a key, which
     * Deno allows.
     *
     * @throws InvalidInputException as {@link #key(JsonNode)}
     */
    public static Key stored(JsonNode node) {
        Object[] parts = parts(Objects.requireNonNull(node, "node"));
        if (parts.length == 0) {
            throw KeyErrors.empty();
        }
        return Key.decode(KeyWriter.encodeLong(parts));
    }

    /**
     * The prefix of a JSON array, which may be empty.
     *
     * @throws InvalidInputException as {@link #key(JsonNode)}
     */
    public static KeyPrefix prefix(JsonNode node) {
        return KeyPrefix.of(parts(Objects.requireNonNull(node, "node")));
    }

    /**
     * The keys of a JSON array of keys, in order, repeats included.
     *
     * @param max the most keys to accept
     * @throws InvalidInputException {@code key.list_not_an_array}, {@code key.list_empty}, {@code key.list_too_long},
     *     or as {@link #key(JsonNode)} with the index of the key in the message
     */
    public static List<Key> keys(JsonNode node, int max) {
        if (!Objects.requireNonNull(node, "node").isArray()) {
            throw KeyErrors.notAList(type(node), shown(node));
        }
        if (node.isEmpty()) {
            throw KeyErrors.emptyList();
        }
        if (node.size() > max) {
            throw KeyErrors.longList(node.size(), max);
        }
        List<Key> keys = new ArrayList<>(node.size());
        for (JsonNode key : node) {
            try {
                keys.add(key(key));
            } catch (InvalidInputException e) {
                throw KeyErrors.inList(keys.size(), e);
            }
        }
        return List.copyOf(keys);
    }

    /** The JSON array of a key. */
    public static ArrayNode tree(Key key) {
        return tree(Objects.requireNonNull(key, "key").parts());
    }

    /** The JSON array of a prefix. */
    public static ArrayNode tree(KeyPrefix prefix) {
        return tree(Objects.requireNonNull(prefix, "prefix").parts());
    }

    /** The compact JSON text of a key. */
    public static String text(Key key) {
        return Json.text(tree(key));
    }

    /** The compact JSON text of a prefix. */
    public static String text(KeyPrefix prefix) {
        return Json.text(tree(prefix));
    }

    private static Object[] parts(JsonNode node) {
        if (!node.isArray()) {
            throw KeyErrors.notAnArray(type(node), shown(node));
        }
        if (node.size() > Key.PARTS_MAX) {
            throw KeyErrors.tooDeep(node.size());
        }
        Object[] parts = new Object[node.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part(node.get(i), i);
        }
        return parts;
    }

    private static Object part(JsonNode node, int index) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                KeyNumbers.exact(node)
                        .orElseThrow(() -> KeyErrors.jsonPart(index, type(node), shown(node), KeyNumbers.HINT));
            case OBJECT -> tagged(node, index);
            case ARRAY, BINARY, MISSING, NULL, POJO -> throw refused(node, index);
        };
    }

    private static Object tagged(JsonNode node, int index) {
        JsonNode tag = node.path(BigIntegerTag.TYPE);
        JsonNode value = node.path(BigIntegerTag.VALUE);
        if (node.size() != 2 || !tag.isString() || !value.isString()) {
            throw refused(node, index);
        }
        return switch (tag.stringValue()) {
            case BigIntegerTag.BIGINT -> BigIntegerTag.read(node).orElseThrow(() -> refused(node, index));
            case "number" -> KeyNumbers.special(value.stringValue()).orElseThrow(() -> refused(node, index));
            case "bytes" -> bytes(node, value.stringValue(), index);
            default -> throw refused(node, index);
        };
    }

    private static byte[] bytes(JsonNode node, String base64, int index) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            InvalidInputException refused = refused(node, index);
            refused.initCause(e);
            throw refused;
        }
    }

    private static InvalidInputException refused(JsonNode node, int index) {
        return KeyErrors.jsonPart(index, type(node), shown(node), "");
    }

    private static ArrayNode tree(List<KeyPart> parts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(parts.size());
        for (KeyPart part : parts) {
            array.add(node(part));
        }
        return array;
    }

    private static JsonNode node(KeyPart part) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (part) {
            case KeyPart.Text text -> nodes.stringNode(text.value());
            case KeyPart.Num number -> KeyNumbers.node(number.value());
            case KeyPart.Bool bool -> nodes.booleanNode(bool.value());
            case KeyPart.BigInt big -> BigIntegerTag.node(big.value());
            case KeyPart.Bytes bytes ->
                nodes.objectNode()
                        .put(BigIntegerTag.TYPE, "bytes")
                        .put(
                                BigIntegerTag.VALUE,
                                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.shared()));
        };
    }

    /** The type of a JSON value, as JavaScript names it. */
    private static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case MISSING -> "undefined";
            case ARRAY -> "array";
            case OBJECT, BINARY, POJO -> "object";
        };
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "undefined" : Json.text(node);
    }
}
