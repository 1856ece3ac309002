package dev.holdfast.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaVersionTest {
    @Test
    void readsAndPrintsANumberForEachRoom() {
        SchemaVersion version = SchemaVersion.parse("schema=1, kv=12,engine=3");

        assertThat(version).hasToString("engine=3,kv=12,schema=1");
        assertThat(version.number("kv")).isEqualTo(12);
        assertThat(version.number("queue")).isZero();
        assertThat(SchemaVersion.parse(version.toString())).isEqualTo(version);
    }

    @Test
    void noneIsTheEmptyText() {
        assertThat(SchemaVersion.parse(" ")).isEqualTo(SchemaVersion.none());
        assertThat(SchemaVersion.none()).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "kv", "kv=", "kv=0", "kv=-1", "kv=1,", ",kv=1", "kv=1,kv=2", "KV=1", "kv=1234567890"})
    void refusesOtherTexts(String text) {
        assertThatThrownBy(() -> SchemaVersion.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("schema.version: a version reads room=number,room=number");
    }

    @Test
    void refusesNumbersBelowOne() {
        assertThatThrownBy(() -> new SchemaVersion(new TreeMap<>(Map.of("kv", 0))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("(part=kv=0)");
    }

    @Test
    void showsOnlyTheBeginningOfAWrongText() {
        assertThatThrownBy(() -> SchemaVersion.parse("x".repeat(1_000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("(part=" + "x".repeat(40) + "...)");
    }

    @Test
    void doesNotChangeWithTheMapItWasMadeOf() {
        TreeMap<String, Integer> rooms = new TreeMap<>(Map.of("kv", 1));
        SchemaVersion version = new SchemaVersion(rooms);

        rooms.put("kv", 2);

        assertThat(version.number("kv")).isEqualTo(1);
    }
}
