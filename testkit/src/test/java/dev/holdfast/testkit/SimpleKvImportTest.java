package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.simple.SimpleKv;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of CommandKit KV: what its two generations wrote is read as it was meant. */
class SimpleKvImportTest {
    private static final String DEFAULT = "commandkit_kv";

    @TempDir
    Path folder;

    private final SimpleKv kv = SimpleKv.open(":memory:");
    private Path file;

    @BeforeEach
    void newFile() {
        file = folder.resolve("commandkit ü.db");
        table(DEFAULT);
    }

    @AfterEach
    void close() {
        kv.close();
    }

    @Test
    void readsEveryType() {
        row("t0", "{\"t\":0,\"v\":\"text\"}");
        row("t1", "{\"t\":1,\"v\":2.5}");
        row("t1 whole", "{\"t\":1,\"v\":7}");
        row("t1 large", "{\"t\":1,\"v\":1e21}");
        row("t1 nan", "{\"t\":1,\"v\":null}");
        row("t2", "{\"t\":2,\"v\":true}");
        row("t3", "{\"t\":3,\"v\":{\"a\":[1,null,{\"b\":\"2030-01-01T00:00:00.000Z\"}]}}");
        row("t4", "{\"t\":4,\"v\":\"2030-01-02T03:04:05.678Z\"}");
        row("t5", "{\"t\":5,\"v\":\"-123456789012345678901234567890\"}");
        row("t6", "{\"t\":6,\"v\":null}");
        row("t7", "{\"t\":7}");
        row("t8", "{\"t\":8,\"v\":[1,\"two\",[3]]}");
        row("t9", "{\"t\":9,\"v\":[[1,\"one\"],[\"k\",{\"a\":1}]]}");
        row("t10", "{\"t\":10,\"v\":[1,\"two\"]}");
        row("t11", "{\"t\":11,\"v\":\"AP8=\"}");
        row("t12", "{\"t\":12,\"v\":{\"source\":\"a+\",\"flags\":\"gi\"}}");
        row("t12 of scripts alone", "{\"t\":12,\"v\":{\"source\":\"[^]\",\"flags\":\"\"}}");

        assertThat(kv.importFrom(file)).isEqualTo(17);

        assertThat(kv.get("t0")).contains("text");
        assertThat(kv.get("t1")).contains(2.5);
        assertThat(kv.get("t1 whole")).contains(7L);
        assertThat(kv.get("t1 large")).contains(1e21);
        assertThat(kv.get("t2")).contains(true);
        assertThat(kv.get("t3"))
                .contains(Map.of("a", Arrays.asList(1L, null, Map.of("b", "2030-01-01T00:00:00.000Z"))));
        assertThat(kv.get("t4")).contains(Instant.parse("2030-01-02T03:04:05.678Z"));
        assertThat(kv.get("t5")).contains(new BigInteger("-123456789012345678901234567890"));
        assertThat(List.of("t6", "t7", "t1 nan"))
                .allMatch(key -> kv.has(key) && kv.get(key).isEmpty());
        assertThat(kv.get("t8")).contains(List.of(1L, "two", List.of(3L)));
        assertThat(kv.get("t9")).contains(Map.of(1L, "one", "k", Map.of("a", 1L)));
        assertThat(kv.get("t10")).contains(Set.of(1L, "two"));
        assertThat(kv.get("t11", byte[].class).orElseThrow()).isEqualTo(new byte[] {0, -1});
        Pattern pattern = kv.get("t12", Pattern.class).orElseThrow();
        assertThat(pattern.pattern()).isEqualTo("a+");
        assertThat(pattern.flags()).isEqualTo(Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        assertThat(kv.get("t12 of scripts alone")).contains(Map.of("source", "[^]", "flags", ""));
    }

    @Test
    void whatIsNoTypedValueIsATextOfTheFirstGeneration() {
        List<String> texts = List.of(
                "plain",
                "",
                "{\"a\":1}",
                "{\"t\":1,\"v\":2,\"w\":3}",
                "{\"t\":\"0\",\"v\":\"x\"}",
                "{\"t\":99,\"v\":\"x\"}",
                "{\"t\":4,\"v\":\"no date\"}",
                "{\"t\":9,\"v\":[1]}",
                "{broken",
                "[1]",
                "7");
        texts.forEach(text -> row("k" + texts.indexOf(text), text));

        kv.importFrom(file);

        texts.forEach(text -> assertThat(kv.get("k" + texts.indexOf(text))).contains(text));
    }

    @Test
    void leavesOutWhatHasExpiredAndKeepsTheRestOfTheTime() {
        long now = System.currentTimeMillis();
        row(DEFAULT, "expired", "{\"t\":1,\"v\":1}", now - 1);
        row(DEFAULT, "ends", "{\"t\":1,\"v\":1}", now + 3_600_000.5);
        row(DEFAULT, "never", "{\"t\":1,\"v\":1}", null);

        assertThat(kv.importFrom(file)).isEqualTo(2);

        assertThat(kv.keys()).containsExactly("ends", "never");
        assertThat(kv.ttl("ends")).isGreaterThan(3_000_000).isLessThanOrEqualTo(3_600_001);
        assertThat(kv.ttl("never")).isEqualTo(-2);
    }

    @Test
    void everySuchTableIsANamespaceAndOthersAreLeftAlone() {
        table("Users");
        row("Users", "a.b", "{\"t\":1,\"v\":1}", null);
        table("we\"ird");
        row("we\"ird", "k", "{\"t\":1,\"v\":2}", null);
        run("create table foreign_one (key text, value text, expires_at integer, more text)");
        run("create table other (id integer)");
        kv.set("own", 1);
        row("own", "{\"t\":1,\"v\":3}");
        row("more", "{\"t\":1,\"v\":4}");

        kv.importFrom(file);
        kv.importFrom(file);

        assertThat(kv.namespaces()).containsExactly("Users", DEFAULT, "we\"ird");
        assertThat(kv.namespace("Users").keys()).containsExactly("a.b");
        assertThat(kv.namespace("we\"ird").get("k")).contains(2L);
        assertThat(kv.all()).isEqualTo(Map.of("own", 3L, "more", 4L));
    }

    @Test
    void manyRowsComeInBatches() {
        run("with recursive n(i) as (select 1 union all select i + 1 from n where i < 1201)"
                + " insert into commandkit_kv select 'k' || i, '{\"t\":1,\"v\":' || i || '}', null from n");

        assertThat(kv.importFrom(file)).isEqualTo(1_201);
        assertThat(kv.count()).isEqualTo(1_201);
        assertThat(kv.get("k1201")).contains(1_201L);
    }

    @Test
    void whatThisStoreCannotHoldIsRefusedByName() {
        row("x".repeat(1_025), "{\"t\":1,\"v\":1}");
        assertThatThrownBy(() -> kv.importFrom(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("simple.import: a key is too long (table=commandkit_kv, chars=1025)");
        run("update commandkit_kv set key = ''");
        assertThatThrownBy(() -> kv.importFrom(file)).hasMessageContaining("a key is empty");
    }

    @Test
    void aFileThatIsNoneIsRefused() throws IOException {
        Path text = folder.resolve("text.db");
        Files.write(
                text, "this is no database, whatever its name says".repeat(50).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> kv.importFrom(folder.resolve("none.db")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> kv.importFrom(text)).isInstanceOf(EngineException.class);
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    private void table(String name) {
        run("create table \"" + name.replace("\"", "\"\"")
                + "\" (key text primary key, value text, expires_at integer)");
    }

    private void row(String key, String value) {
        row(DEFAULT, key, value, null);
    }

    private void row(String table, String key, String value, @Nullable Number expiresAt) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                PreparedStatement insert = connection.prepareStatement(
                        "insert into \"" + table.replace("\"", "\"\"") + "\" values (?, ?, ?)")) {
            insert.setString(1, key);
            insert.setString(2, value);
            insert.setObject(3, expiresAt);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
