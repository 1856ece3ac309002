package dev.holdfast.collection;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.engine.InvalidInputException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema, checked by a library that a program may do without: this class is the only one that names it. Schemas
 * come whole; one that refers to another place than the drafts' own is refused, and nothing is ever fetched.
 */
final class JsonSchemaRule implements DocumentSchema {
    private static final String DRAFTS = "json-schema.org";
    private static final int SHOWN_MAX = 10;
    private static final int PATH_CHARS_MAX = 200;
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false).schemaLoader(loader -> loader.allow(JsonSchemaRule::isDraft)));

    private final Schema schema;

    private JsonSchemaRule(Schema schema) {
        this.schema = schema;
    }

    static JsonSchemaRule of(JsonNode text) {
        if (!text.isObject() && !text.isBoolean()) {
            throw invalid("it is an object or a boolean (type=" + DocumentId.typeOf(text) + ")", null);
        }
        try {
            String draft = text.path("$schema").asString(SpecificationVersion.DRAFT_2020_12.getDialectId());
            List<Error> faults = REGISTRY.getSchema(SchemaLocation.of(draft)).validate(text);
            if (!faults.isEmpty()) {
                throw invalid(places(faults), null);
            }
            Schema schema = REGISTRY.getSchema(text);
            schema.initializeValidators();
            return new JsonSchemaRule(schema);
        } catch (SchemaException e) {
            throw invalid("it cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void check(JsonNode document) {
        List<Error> errors = schema.validate(document);
        if (!errors.isEmpty()) {
            throw new InvalidInputException(
                    "collection.schema", "the document breaks the collection's JSON Schema (" + places(errors) + ")");
        }
    }

    /** Where the faults are and which rules they break; the library's own messages may quote values. */
    private static String places(List<Error> errors) {
        String shown = errors.stream()
                .limit(SHOWN_MAX)
                .map(JsonSchemaRule::place)
                .distinct()
                .collect(Collectors.joining("; "));
        return errors.size() > SHOWN_MAX ? shown + "; and " + (errors.size() - SHOWN_MAX) + " more" : shown;
    }

    private static String place(Error error) {
        String path = Objects.toString(error.getInstanceLocation(), "");
        String place = "at " + (path.isEmpty() ? "/" : path.substring(0, Math.min(path.length(), PATH_CHARS_MAX)));
        @Nullable String property = error.getProperty();
        String member =
                property == null ? "" : " of " + property.substring(0, Math.min(property.length(), PATH_CHARS_MAX));
        return place + ": " + Objects.toString(error.getKeyword(), "false") + member;
    }

    private static boolean isDraft(AbsoluteIri iri) {
        String text = iri.toString();
        return text.startsWith("http://" + DRAFTS + "/") || text.startsWith("https://" + DRAFTS + "/");
    }

    private static InvalidInputException invalid(String why, @Nullable Throwable cause) {
        String message = "this is no JSON Schema that can be used: " + why;
        return cause == null
                ? new InvalidInputException("collection.schema_invalid", message)
                : new InvalidInputException("collection.schema_invalid", message, cause);
    }
}
