package dev.holdfast.codec;

import dev.holdfast.json.Json;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The mapper behind the JSON codecs: {@link Json}'s reading and limits, and what typed values need beyond trees. What
 * it writes is stored, so a setting that changes its output can never change.
 */
final class CodecMapper {
    static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .annotationIntrospector(new SealedTypes())
            // A name is what the program refers to; toString may be meant for people, and ordinals move.
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            // Fractions are exact in trees; where a program declares Object it expects a Double (see UntypedReader).
            .disable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModule(new SimpleModule("holdfast")
                    .setSerializerModifier(new IntegerWriters())
                    .setDeserializerModifier(new NumberReaders())
                    .addDeserializer(Object.class, new UntypedReader()))
            .build();

    private CodecMapper() {}
}
