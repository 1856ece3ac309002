package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.access.Token;
import dev.holdfast.json.Json;
import dev.holdfast.testkit.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenCommandTest {
    @TempDir
    private Path folder;

    @Test
    void makesListsAndRevokesOnSqlite() {
        makesListsAndRevokes(folder.resolve("app.db").toString());
    }

    @Test
    void makesListsAndRevokesOnPostgres() {
        makesListsAndRevokes(PostgresServer.shared().freshDatabase());
    }

    private static void makesListsAndRevokes(String db) {
        var created = Shell.run(
                "token",
                "create",
                "--scope",
                "read,write",
                "--name",
                "shop",
                "--key-prefix",
                "users/42",
                "--key-prefix",
                "[\"orders\",true]",
                "--collection-prefix",
                "notes",
                "--stream-prefix",
                "/log",
                "--ttl",
                "30d",
                "--db",
                db);
        JsonNode token = Json.parse(created.out());
        String secret = token.path("secret").stringValue();
        String id = token.path("id").stringValue();

        var listed = Shell.run("token", "list", "--db", db);
        Token found;
        try (Holdfast holdfast = Holdfast.open(db)) {
            found = holdfast.tokens().find(secret).orElseThrow();
        }
        var revoked = Shell.run("token", "revoke", id, "--db", db);
        var again = Shell.run("token", "revoke", id, "--db", db);

        assertThat(created.code()).as(created.err()).isZero();
        assertThat(found.id()).isEqualTo(id);
        assertThat(found.namespace()).contains("default");
        assertThat(found.grants().toString())
                .contains("[\"users\",42]", "[\"orders\",true]", "prefix=notes", "prefix=/log");
        assertThat(found.expiresAt()).isPresent();
        assertThat(listed.lines())
                .singleElement()
                .asString()
                .contains(id, "shop")
                .doesNotContain(secret);
        assertThat(revoked.code()).isZero();
        assertThat(again.code()).isEqualTo(1);
        assertThat(Shell.run("token", "list", "--db", db).out()).isEmpty();
    }

    @Test
    void anAdminTokenOpensEveryNamespaceUnlessOneIsNamed() {
        String db = folder.resolve("app.db").toString();

        var all = Json.parse(
                Shell.run("token", "create", "--scope", "admin", "--db", db).out());
        var one = Json.parse(Shell.run("token", "create", "--scope", "admin", "--namespace", "acme", "--db", db)
                .out());

        assertThat(all.path("namespace").isNull()).isTrue();
        assertThat(one.path("namespace").stringValue()).isEqualTo("acme");
    }
}
