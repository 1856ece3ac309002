package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {
    @TempDir
    private Path folder;

    @Test
    void tellsEqualFromDifferentOnSqlite() throws Exception {
        String db = folder.resolve("app.db").toString();

        tellsEqualFromDifferent(db, "jdbc:sqlite:" + db);
    }

    @Test
    void tellsEqualFromDifferentOnPostgres() throws Exception {
        String db = PostgresServer.shared().freshDatabase();

        tellsEqualFromDifferent(db, db);
    }

    private static void tellsEqualFromDifferent(String db, String jdbc) throws Exception {
        Shell.run("kv", "set", "a", "1", "--db", db);
        var equal = Shell.run("schema", "check", "--db", db);
        execute(jdbc, "alter table holdfast_kv add column more text");
        var drift = Shell.run("schema", "check", "--db", db);

        assertThat(equal.code()).as(equal.out()).isZero();
        assertThat(equal.out()).contains("equal to version", "access=1", "kv=2");
        assertThat(drift.code()).isEqualTo(1);
        assertThat(drift.out()).contains("holdfast_kv", "more");
    }

    @Test
    void cannotTellOfAFileThatIsNoDatabase() throws Exception {
        Path noise = Files.writeString(folder.resolve("noise.db"), "this is no database".repeat(100));

        var result = Shell.run("schema", "check", "--db", noise.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).startsWith("cannot tell: ");
    }

    @Test
    void printsTheSqlOfBothDatabases() throws Exception {
        var sqlite = Shell.run("schema", "generate");
        var postgres = Shell.run("schema", "generate", "--engine", "postgres");
        String db = PostgresServer.shared().freshDatabase();

        execute(db, postgres.out());
        var check = Shell.run("schema", "check", "--db", db);

        assertThat(sqlite.out()).contains("create table holdfast_kv", "without rowid");
        assertThat(postgres.out()).contains("create table holdfast_tokens", "bytea");
        assertThat(check.code()).as(check.out()).isZero();
    }

    private static void execute(String url, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
