package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands doctor, backup and restore, with their exit codes. */
class DurabilityCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void doctorSaysWhetherAStoreIsSound() throws SQLException {
        String db = store();

        assertThat(run("doctor", "--db", db)).isZero();
        assertThat(out.toString()).isEqualTo("sound\n");

        damage(db);

        assertThat(run("doctor", "--db", db)).isEqualTo(1);
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(out.toString())
                .startsWith("fault: kv: the value cannot be read")
                .endsWith("faults: 1\n");
    }

    @Test
    void doctorCannotTellWithoutAStore() {
        assertThat(run("doctor", "--db", folder.resolve("none.db").toString())).isEqualTo(2);
        assertThat(out.toString()).contains("there is no such file").endsWith("cannot tell\n");

        assertThat(run("doctor", "--db", ":memory:")).isEqualTo(2);
        assertThat(out.toString())
                .contains("there is no store in this database")
                .endsWith("cannot tell\n");
    }

    @Test
    void aBackupComesBackOnlyOverWhatMayBeReplaced() {
        String db = store();
        String copy = folder.resolve("copy.db").toString();
        assertThat(run("backup", copy, "--db", db)).isZero();
        assertThat(run("kv", "set", "a", "2", "--db", db)).isZero();

        assertThat(run("restore", copy, "--db", db)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("restore.exists");
        assertThat(run("restore", copy, "--db", db, "--replace")).isZero();
        assertThat(err.toString()).startsWith("restored ");

        assertThat(run("kv", "get", "a", "--db", db)).isZero();
        assertThat(out.toString()).contains("1").doesNotContain("\"value\":2");
        assertThat(run("doctor", "--db", db)).isZero();
    }

    @Test
    void onlyFilesAreRestored() {
        assertThat(run("restore", "copy.db", "--db", ":memory:")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("--db FILE");
    }

    private String store() {
        String db = folder.resolve("store.db").toString();
        assertThat(run("kv", "set", "a", "1", "--db", db)).isZero();
        return db;
    }

    private static void damage(String db) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + db);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update holdfast_kv set value = x'7b'");
        }
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
