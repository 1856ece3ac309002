package dev.holdfast.testkit.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionOptions;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.testkit.Contract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** JSON Schema as an option of a collection. */
public abstract class CollectionSchemaContract extends Contract {
    private static final String SCHEMA = """
            {"type": "object", "required": ["mail"], "properties": {
              "id": {"type": "string"},
              "mail": {"type": "string", "pattern": "@"},
              "age": {"type": "integer", "minimum": 0},
              "addresses": {"type": "array", "items": {"type": "object", "properties": {"zip": {"type": "string"}}}}
            }}""";

    private TestStore store;
    private Collection people;

    /** A suite over the stores of one engine. */
    protected CollectionSchemaContract() {}

    @BeforeEach
    void open() {
        store = new TestStore(stores().fresh());
        people = store.collection("people");
    }

    @Test
    void everyWriteKeepsTheSchema() {
        people.options(CollectionOptions.defaults().withSchema(SCHEMA));
        people.insert(Map.of("id", "a", "mail", "a@b", "age", 3));

        assertRefused(() -> people.insert(Map.of("mail", 7)));
        assertRefused(() -> people.insertMany(List.of(Map.of("mail", "x@y"), Map.of())));
        assertRefused(() -> people.upsert(Map.of("id", "a")));
        assertRefused(() -> people.upsert(Filter.where("mail").eq("a@b"), Map.of("age", -1)));
        assertRefused(() -> people.update("a", Map.of("age", 1.5)));
        assertRefused(() -> people.update("a", DocumentUpdate.remove("mail")));
        assertRefused(() -> people.update(Filter.all(), Map.of("mail", "none")));
        assertRefused(() -> people.update("a", DocumentUpdate.apply(tree -> tree.put("age", "old"))));
        assertThat(people.find(Filter.all()))
                .extracting(Document::toString)
                .containsExactly(people.get("a").orElseThrow().toString());
        assertThat(people.get("a").orElseThrow().json().path("age").asInt()).isEqualTo(3);
    }

    @Test
    void theMessageNamesPlacesAndRulesAndNoValues() {
        people.options(CollectionOptions.defaults().withSchema(SCHEMA));

        assertThatThrownBy(() -> people.insert(
                        Json.parse("{\"mail\":\"secret\",\"age\":-17,\"addresses\":[{\"zip\":\"1\"},{\"zip\":99}]}")))
                .hasMessage("collection.schema: the document breaks the collection's JSON Schema"
                        + " (at /mail: pattern; at /age: minimum; at /addresses/1/zip: type)");
        assertThatThrownBy(() -> people.insert(Map.of()))
                .hasMessage(
                        "collection.schema: the document breaks the collection's JSON Schema (at /: required of mail)");
    }

    @Test
    void storedDocumentsStayUntilTheyAreWritten() {
        people.insert(Map.of("id", "a"));

        people.options(CollectionOptions.defaults().withSchema(SCHEMA));

        assertThat(people.get("a")).isPresent();
        assertRefused(() -> people.update("a", Map.of("age", 1)));
        people.update("a", Map.of("mail", "a@b"));
        people.options(people.options().withoutSchema());
        people.insert(Map.of());
    }

    @Test
    void optionsComeBackAsTheyWereSet() {
        assertThat(people.options()).isEqualTo(CollectionOptions.defaults());

        people.options(CollectionOptions.defaults().withSchema(SCHEMA));

        assertThat(people.options().schema()).contains(Json.parse(SCHEMA));
    }

    @Test
    void keepsOtherDrafts() {
        people.options(CollectionOptions.defaults()
                .withSchema("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"required\":[\"a\"]}"));

        assertRefused(() -> people.insert(Map.of("b", 1)));
        people.insert(Map.of("a", 1));
    }

    @Test
    void refusesWhatIsNoSchema() {
        for (String text : List.of(
                "7",
                "{\"type\":\"nonsense\"}",
                "{\"minimum\":\"x\"}",
                "{\"$schema\":\"https://example.org/none\"}",
                "{\"$ref\":\"https://example.org/none\"}",
                "{\"$ref\":\"classpath:draft-07/schema\"}",
                "{\"$ref\":\"file:///etc/passwd\"}")) {
            JsonNode schema = Json.parse(text);
            assertThatThrownBy(() -> people.options(CollectionOptions.defaults().withSchema(schema)))
                    .as(text)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("collection.schema_invalid");
        }
        assertThat(people.options()).isEqualTo(CollectionOptions.defaults());
    }

    @Test
    void aBooleanIsASchemaToo() {
        people.options(CollectionOptions.defaults().withSchema("false"));

        assertRefused(() -> people.insert(Map.of()));
    }

    private static void assertRefused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(InvalidInputException.class)
                .extracting(e -> ((InvalidInputException) e).code())
                .isEqualTo("collection.schema");
    }
}
