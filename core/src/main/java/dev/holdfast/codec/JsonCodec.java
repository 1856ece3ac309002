package dev.holdfast.codec;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** Values of one Java type as JSON. */
final class JsonCodec<T> implements Codec<T> {
    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    JsonCodec(JavaType type) {
        this.type = type;
        this.reader = CodecMapper.MAPPER.readerFor(type);
        this.writer = CodecMapper.MAPPER.writerFor(type);
    }

    @Override
    public Encoding encoding() {
        return Encoding.JSON;
    }

    @Override
    public byte[] encode(T value) {
        Objects.requireNonNull(value, "value");
        try {
            return Json.readable(writer.writeValueAsBytes(value));
        } catch (StreamConstraintsException e) {
            // A tree is too deep by itself, and is told so; another value most likely contains itself.
            if (value instanceof JsonNode tree) {
                return Json.bytes(tree);
            }
            throw CodecErrors.unsupported(type, e);
        } catch (JacksonException e) {
            throw CodecErrors.unsupported(type, e);
        }
    }

    @Override
    public T decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        @Nullable T value;
        try {
            value = reader.readValue(bytes);
        } catch (JacksonException e) {
            throw CodecErrors.mismatch(type, e);
        }
        if (value == null) {
            throw new InvalidInputException(
                    "codec.mismatch", "the JSON is null, which is no " + type.toCanonical() + " (path=$)");
        }
        return value;
    }

    @Override
    public String toString() {
        return "json(" + type.toCanonical() + ")";
    }
}
