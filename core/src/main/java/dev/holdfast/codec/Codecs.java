package dev.holdfast.codec;

import dev.holdfast.json.Json;

/** temp. */
public final class Codecs {
    private Codecs() {}

    /** temp. */
    public static <T> Codec<T> json(Class<T> type) {
        return new Codec<>() {
            @Override
            public Encoding encoding() {
                return Encoding.JSON;
            }

            @Override
            public byte[] encode(T value) {
                return Json.mapper().writeValueAsBytes(value);
            }

            @Override
            public T decode(byte[] bytes) {
                return Json.mapper().readValue(bytes, type);
            }
        };
    }
}
