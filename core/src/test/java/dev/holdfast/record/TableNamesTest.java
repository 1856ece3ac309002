package dev.holdfast.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNamesTest {
    @Test
    void theDefaultIsKynetas() {
        assertThat(TableNames.DEFAULT)
                .isEqualTo(TableNames.of("kyneta_doc_meta", "kyneta_records", "kyneta_store_meta"))
                .isEqualTo(TableNames.ofStore("kyneta"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "A",
                "a-b",
                "a b",
                "a;drop table x",
                "a\"b",
                "sqlite_a",
                "\u00e4",
                "a.b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void whatIsNoNameIsRefused(String name) {
        refused(() -> TableNames.of(name, "b", "c"));
        refused(() -> TableNames.of("a", name, "c"));
        refused(() -> TableNames.of("a", "b", name));
        if (!name.equals("sqlite_a")) {
            refused(() -> TableNames.DEFAULT.inSchema(name));
        }
    }

    @Test
    void theThreeDiffer() {
        refused(() -> TableNames.of("a", "b", "a"));
        refused(() -> TableNames.of("a", "a", "b"));
        refused(() -> TableNames.DEFAULT.inSchema("pg_own"));
    }

    @Test
    void namesAreQuotedInEveryStatement() {
        TableNames words = TableNames.of("select", "table", "_order").inSchema("group");

        for (Dialect dialect : Dialect.values()) {
            assertThat(words.ddl(dialect))
                    .hasSize(3)
                    .anyMatch(sql -> sql.contains("\"group\".\"select\" ("))
                    .anyMatch(sql -> sql.contains("\"group\".\"table\" ("))
                    .anyMatch(sql -> sql.contains("\"group\".\"_order\" ("));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_a", "1a", "A", "a-b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void whatIsNoNameOfAStoreIsRefused(String name) {
        assertThatThrownBy(() -> TableNames.ofStore(name)).hasMessageContaining("invalid-store-name");
    }

    @Test
    void aPrefixEndsBeforeItsSuccessor() {
        assertThat(RecordRules.successor("a")).contains("b");
        assertThat(RecordRules.successor("a\ud7ff")).contains("a\ue000");
        assertThat(RecordRules.successor("a\uffff")).contains("a\ud800\udc00");
        assertThat(RecordRules.successor("a\udbff\udfff")).contains("b");
        assertThat(RecordRules.successor("\udbff\udfff")).isEmpty();
        assertThat(RecordRules.successor("")).isEmpty();
    }

    private static void refused(Runnable made) {
        assertThatThrownBy(made::run)
                .isInstanceOf(RecordStoreException.class)
                .hasMessageContaining("invalid-table-name");
    }
}
