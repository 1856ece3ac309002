package dev.holdfast.server.keyval;

import dev.holdfast.codec.Durations;
import dev.holdfast.codec.Encoding;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvLimits;
import dev.holdfast.kv.KvValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of requests and answers. Stored JSON is copied into answers as it is. */
final class KeyvalJson {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final int SHOWN_CHARS = 50;
    private static final BigDecimal TTL_MILLIS_MAX = BigDecimal.valueOf(KvLimits.TTL_MAX.toMillis());

    private KeyvalJson() {}

    /** An entry: key, value, versionstamp. */
    static byte[] entry(KvEntry entry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(entry.value().encoded().length + 128);
        append(out, entry.key(), Optional.of(entry));
        return out.toByteArray();
    }

    /** Several entries as an array, one after the other: only one of them needs to be in memory. */
    static void write(OutputStream out, Iterator<KvEntry> entries) throws IOException {
        out.write('[');
        for (boolean first = true; entries.hasNext(); first = false) {
            if (!first) {
                out.write(',');
            }
            KvEntry entry = entries.next();
            write(out, entry.key(), Optional.of(entry));
        }
        out.write(']');
    }

    /** An entry, or the key with nulls when there is none. */
    static void write(OutputStream out, Key key, Optional<KvEntry> entry) throws IOException {
        out.write(utf8("{\"key\":"));
        out.write(Json.bytes(KeyJson.tree(key)));
        out.write(utf8(",\"value\":"));
        out.write(entry.map(found -> value(found.value())).orElse(NULL));
        out.write(utf8(",\"versionstamp\":"));
        out.write(entry.map(found -> utf8('"' + found.versionstamp().uuid() + '"'))
                .orElse(NULL));
        out.write('}');
    }

    /** The same into memory. */
    static void append(ByteArrayOutputStream out, Key key, Optional<KvEntry> entry) {
        try {
            write(out, key, entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value as JSON text. */
    static byte[] value(KvValue value) {
        return switch (value.encoding()) {
            case JSON -> value.encoded();
            case U64, BYTES, V8 -> Json.bytes(value.findJson().orElseGet(() -> tagged(value)));
        };
    }

    /** The stored bytes of a value without a JSON form. */
    private static JsonNode tagged(KvValue value) {
        ObjectNode tag = Json.mapper().createObjectNode();
        tag.put("__type", value.encoding() == Encoding.BYTES ? "bytes" : "v8");
        tag.put("value", Base64.getUrlEncoder().withoutPadding().encodeToString(value.encoded()));
        return tag;
    }

    /** The body of an answer to a write. */
    static byte[] written(Versionstamp versionstamp) {
        return utf8("{\"ok\":true,\"versionstamp\":\"" + versionstamp.uuid() + "\"}");
    }

    /** A body that must be an object. */
    static ObjectNode object(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidInputException("keyval.body", "the body must be a JSON object, received " + shown(body));
    }

    /** The filter in a member, if it is there; null is not taken for absence, so that no filter is ever dropped. */
    static Optional<Filter> where(ObjectNode body, Instant now) {
        return body.has("where") ? Optional.of(Filter.parse(body.get("where"), now)) : Optional.empty();
    }

    /** A limit: missing is the default, too much is capped. */
    static int limit(Optional<String> text, int otherwise, int max) {
        if (text.isEmpty()) {
            return otherwise;
        }
        String digits = text.get().strip();
        int end = 0;
        while (end < digits.length() && Character.digit(digits.charAt(end), 10) >= 0) {
            end++;
        }
        // Text that only begins with a number counts as that number: clients rely on it.
        String number = digits.substring(0, end).replaceFirst("^0+", "");
        if (number.isEmpty()) {
            throw badLimit(Json.mapper().writeValueAsString(text.get()));
        }
        return number.length() > 9 ? max : Math.min(Integer.parseInt(number), max);
    }

    /** A limit in a body. */
    static int limit(ObjectNode body, int otherwise, int max) {
        JsonNode limit = body.path("limit");
        if (limit.isMissingNode() || limit.isNull()) {
            return otherwise;
        }
        if (!limit.isNumber() || limit.decimalValue().signum() <= 0) {
            throw badLimit(shown(limit));
        }
        return limit.decimalValue()
                .min(BigDecimal.valueOf(max))
                .max(BigDecimal.ONE)
                .intValue();
    }

    /** The time to live in a query parameter: milliseconds, or a duration like {@code 1h}. */
    static Optional<Duration> expiresIn(Optional<String> text) {
        return text.map(value -> requireTtl(duration(value), Json.mapper().writeValueAsString(value)));
    }

    /** The time to live in a body. */
    static Optional<Duration> expiresIn(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value.isString()) {
            return expiresIn(Optional.of(value.stringValue()));
        }
        if (!value.isNumber()) {
            throw badTtl(shown(value));
        }
        BigDecimal millis = value.decimalValue();
        // Compared before it is narrowed: 2^64 + 1 would come out as 1.
        if (millis.compareTo(BigDecimal.ONE) < 0 || millis.compareTo(TTL_MILLIS_MAX) > 0) {
            throw badTtl(shown(value));
        }
        return Optional.of(Duration.ofMillis(millis.longValue()));
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (InvalidInputException e) {
            throw badTtl(Json.mapper().writeValueAsString(text));
        }
    }

    private static Duration requireTtl(Duration ttl, String shown) {
        if (ttl.toMillis() < 1 || ttl.compareTo(KvLimits.TTL_MAX) > 0) {
            throw badTtl(shown);
        }
        return ttl;
    }

    /** A JSON text as messages show it. */
    static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "undefined" : Json.text(node);
        return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
    }

    /** What JavaScript calls the type of a value. */
    static String type(JsonNode node) {
        if (node.isMissingNode()) {
            return "undefined";
        }
        return node.isString() ? "string" : node.isNumber() ? "number" : node.isBoolean() ? "boolean" : "object";
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InvalidInputException badLimit(String shown) {
        return new InvalidInputException("keyval.limit", "limit must be a positive number, received " + shown);
    }

    private static InvalidInputException badTtl(String shown) {
        return new InvalidInputException(
                "keyval.expires_in",
                "expiresIn must be a positive number (milliseconds), received " + shown
                        + "; or a duration such as 30s, 1h or 7d");
    }
}
