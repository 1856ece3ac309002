package dev.holdfast.server;

import static dev.holdfast.access.Token.Scope.ADMIN;
import static dev.holdfast.access.Token.Scope.READ;
import static dev.holdfast.access.Token.Scope.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.access.CreatedToken;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.key.Key;
import dev.holdfast.server.http.HttpServerOptions;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stored tokens open on the routes of the KeyVal interface. Each database runs it. */
abstract class TokenRoutesContract {
    private static final String KEYS = "[[\"users\",1]]";

    /** A request: method, path and body. */
    private record Ask(String method, String path, String body) {}

    /** Requests that see data below {@code users} alone. */
    private static final List<Ask> READING = List.of(
            new Ask("GET", "/keys/users/1", ""),
            new Ask("GET", "/keys?prefix=users", ""),
            new Ask("GET", "/keys/count?prefix=users", ""),
            new Ask("GET", "/keys/paginate?prefix=users", ""),
            new Ask("POST", "/keys/get", "{\"key\":[\"users\",1]}"),
            new Ask("POST", "/keys/batch", "{\"keys\":" + KEYS + "}"),
            new Ask("POST", "/keys/list", "{\"prefix\":[\"users\"]}"),
            new Ask("POST", "/keys/count", "{\"prefix\":[\"users\"]}"),
            new Ask("POST", "/keys/paginate", "{\"prefix\":[\"users\"]}"),
            new Ask("GET", "/watch/poll?keys=users/1", ""),
            new Ask("GET", "/watch/prefix/poll?prefix=users", ""),
            new Ask("POST", "/watch/poll", "{\"keys\":" + KEYS + "}"),
            new Ask("POST", "/watch/prefix/poll", "{\"prefixes\":[[\"users\"]]}"),
            new Ask("GET", "/indexes", ""),
            new Ask("GET", "/search?prefix=users&query=ann", ""),
            new Ask("POST", "/search", "{\"prefix\":[\"users\"],\"query\":\"ann\"}"));

    /** Requests that change data below {@code users} alone. */
    private static final List<Ask> WRITING = List.of(
            new Ask("PUT", "/keys/users/2", "{\"name\":\"Ben\"}"),
            new Ask("POST", "/keys/set", "{\"key\":[\"users\",3],\"value\":1}"),
            new Ask("POST", "/keys/expire", "{\"key\":[\"users\",3],\"expiresIn\":\"1h\"}"),
            new Ask(
                    "POST",
                    "/atomic",
                    "{\"checks\":[{\"key\":[\"users\",9]}],\"mutations\":[{\"type\":\"set\",\"key\":[\"users\",4],"
                            + "\"value\":1}]}"),
            new Ask("POST", "/indexes", "{\"prefix\":[\"users\"],\"options\":{\"fields\":[\"name\"]}}"),
            new Ask("DELETE", "/keys/users/2", ""),
            new Ask("POST", "/keys/delete-batch", "{\"keys\":[[\"users\",4]]}"),
            new Ask("DELETE", "/indexes?prefix=users", ""));

    private ServedStore served;

    /** The name of an empty database. */
    abstract String db();

    @BeforeEach
    void serve() {
        served = new ServedStore(db(), HttpServerOptions.defaults().withPingInterval(Duration.ofMillis(50)));
        served.store().kv().set(Key.of("users", 1), "Ann");
        served.store().kv().set(Key.of("user"), "not below users");
        served.store().kv().set(Key.of("other", 1), "secret");
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void aReaderReadsAndDoesNotWrite() throws Exception {
        String reader = served.secret(NewToken.of("reader", READ));
        index();

        assertStatuses(reader, READING, 200);
        assertStatuses(reader, WRITING, 403);
        assertThat(served.store().kv().get(Key.of("users", 2))).isEmpty();
    }

    @Test
    void aWriterWritesAndDoesNotRead() throws Exception {
        String writer = served.secret(NewToken.of("writer", WRITE));

        assertStatuses(writer, WRITING, 200);
        assertStatuses(writer, READING, 403);
    }

    @Test
    void bothScopesAllowBoth() throws Exception {
        String both = served.secret(NewToken.of("both", READ, WRITE));
        index();

        assertStatuses(both, READING, 200);
        assertStatuses(both, WRITING, 200);
    }

    @Test
    void anAdministratorMayDoBothInEveryNamespace() throws Exception {
        String admin = served.secret(NewToken.admin("admin"));
        index();

        assertStatuses(admin, READING, 200);
        assertStatuses(admin, WRITING, 200);
        assertThat(served.ask(admin, "PUT", "/ns/acme/keyval/api/keys/a", "1").status())
                .isEqualTo(200);
        assertThat(served.store().namespace("acme").kv().get(Key.of("a"))).isPresent();
    }

    @Test
    void aKeyPrefixOpensWhatIsBelowItAndNothingElse() throws Exception {
        String limited = served.secret(NewToken.of("limited", READ, WRITE).only(Token.Grant.Kind.KEY, "[\"users\"]"));
        index();

        assertStatuses(limited, READING, 200);
        assertStatuses(limited, WRITING, 200);
        for (List<Ask> asks : List.of(READING, WRITING)) {
            for (Ask ask : asks) {
                if (!ask.path.equals("/indexes") || ask.method.equals("POST")) {
                    assertStatuses(limited, List.of(elsewhere(ask, "other"), elsewhere(ask, "user")), 403);
                }
            }
        }
        assertThat(served.store().kv().get(Key.of("other", 1))).isPresent();
    }

    @Test
    void aLimitedTokenSeesNothingOfTheWhole() throws Exception {
        String limited = served.secret(NewToken.of("limited", READ, WRITE).only(Token.Grant.Kind.KEY, "[\"users\"]"));
        index();
        served.keyval(ServedStore.ADMIN, "POST", "/indexes", "{\"prefix\":[\"other\"],\"fields\":[\"name\"]}");

        assertStatuses(
                limited,
                List.of(
                        new Ask("GET", "/keys", ""),
                        new Ask("GET", "/keys/count", ""),
                        new Ask("GET", "/keys/paginate", ""),
                        new Ask("POST", "/keys/list", "{}"),
                        new Ask("POST", "/keys/list", "{\"prefix\":[]}"),
                        new Ask("POST", "/keys/batch", "{\"keys\":[[\"users\",1],[\"other\",1]]}"),
                        new Ask("GET", "/watch?keys=users/1,other/1", ""),
                        new Ask("GET", "/watch/prefix?prefix=other", ""),
                        new Ask("POST", "/watch/prefix", "{\"prefixes\":[[\"users\"],[\"other\"]]}"),
                        new Ask("GET", "/watch/prefix/poll?prefix=users&versionstamps=other/1:0", ""),
                        new Ask(
                                "POST",
                                "/watch/prefix/poll",
                                "{\"prefixes\":[[\"users\"]],\"versionstamps\":\"other/1:0\"}"),
                        new Ask("POST", "/watch/poll", "{\"keys\":[[\"users\",1],[\"other\",1]]}"),
                        new Ask("GET", "/metrics", "")),
                403);
        assertThat(served.keyval(limited, "GET", "/indexes", "").text())
                .contains("users")
                .doesNotContain("other");
    }

    @Test
    void aCursorOfAnotherPrefixOpensNothing() throws Exception {
        String limited = served.secret(NewToken.of("limited", READ).only(Token.Grant.Kind.KEY, "[\"users\"]"));
        served.store().kv().set(Key.of("other", 2), "secret");
        String cursor = served.keyval(ServedStore.ADMIN, "GET", "/keys/paginate?prefix=other&limit=1", "")
                .json()
                .path("cursor")
                .stringValue();

        String page = served.keyval(limited, "GET", "/keys/paginate?prefix=users&cursor=" + cursor, "")
                .text();

        assertThat(page).doesNotContain("other").doesNotContain("secret");
    }

    @Test
    void aTokenOfOtherDataOpensNoKey() throws Exception {
        String notes = served.secret(NewToken.of("notes", READ).only(Token.Grant.Kind.COLLECTION, "notes"));

        assertStatuses(notes, READING.subList(0, 3), 403);
    }

    @Test
    void aTokenLivesInItsNamespace() throws Exception {
        served.store().namespace("acme").kv().set(Key.of("users", 1), "of acme");
        String acme = served.secret(NewToken.of("acme", READ, WRITE).in("acme"));
        String other = served.secret(NewToken.of("other", READ).in("other"));

        assertThat(served.keyval(acme, "GET", "/keys/users/1", "").text()).contains("of acme");
        assertThat(served.ask(acme, "GET", "/ns/acme/keyval/api/keys/users/1", "")
                        .status())
                .isEqualTo(200);
        assertThat(served.ask(acme, "GET", "/ns/default/keyval/api/keys/users/1", "")
                        .status())
                .isEqualTo(403);
        assertThat(served.keyval(other, "GET", "/keys/users/1", "").status()).isEqualTo(404);
        assertThat(served.keyval(acme, "PUT", "/keys/mine", "1").status()).isEqualTo(200);
        assertThat(served.store().kv().get(Key.of("mine"))).isEmpty();
    }

    @Test
    void aNamespaceThatIsDeletedWhileABodyArrivesIsNotMadeAnew() throws Exception {
        for (String path : List.of("/keyval/api/keys/a", "/v1/collections/notes")) {
            served.store().namespace("acme").kv().set(Key.of("users", 1), "of acme");
            String acme = served.secret(NewToken.of("acme", READ, WRITE).in("acme"));

            var answer = served.askSlowly(
                    acme,
                    path.startsWith("/v1") ? "POST" : "PUT",
                    path,
                    "{\"n\":1}",
                    () -> served.store().deleteNamespace("acme"));

            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.text()).contains("the namespace was deleted");
            assertThat(served.store().namespaces().list()).doesNotContain("acme");
        }
    }

    @Test
    void anAdministratorOfOneNamespaceStaysInIt() throws Exception {
        String boss = served.secret(new NewToken(
                "boss", Set.of(ADMIN), java.util.Optional.of("acme"), List.of(), java.util.Optional.empty()));

        assertThat(served.keyval(boss, "PUT", "/keys/a", "1").status()).isEqualTo(200);
        assertThat(served.ask(boss, "GET", "/ns/default/keyval/api/keys/users/1", "")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aRevokedTokenIsRefusedAtOnceAndItsStreamsEnd() throws Exception {
        CreatedToken created = served.store().tokens().create(NewToken.of("reader", READ));
        try (InputStream stream = served.open(created.secret(), "/keyval/api/watch/prefix?prefix=users")) {
            assertThat(stream.read()).isPositive();

            assertThat(served.store().tokens().revoke(created.token().id())).isTrue();

            var after = served.keyval(created.secret(), "GET", "/keys/users/1", "");
            assertThat(after.status()).isEqualTo(401);
            assertThat(after.text()).doesNotContain(created.secret());
            // It ends with the next sign of life; until then there are only pings.
            stream.readAllBytes();
        }
    }

    @Test
    void anUnknownSecretIsRefused() throws Exception {
        CreatedToken created = served.store().tokens().create(NewToken.of("reader", READ));

        for (String secret : List.of(created.secret() + "x", created.token().id(), "hf_", "x")) {
            assertThat(served.keyval(secret, "GET", "/keys/users/1", "").status())
                    .as(secret)
                    .isEqualTo(401);
        }
    }

    private void index() throws Exception {
        String body = "{\"prefix\":[\"users\"],\"options\":{\"fields\":[\"name\"]}}";
        assertThat(served.keyval(ServedStore.ADMIN, "POST", "/indexes", body).status())
                .isEqualTo(200);
    }

    private static Ask elsewhere(Ask ask, String part) {
        return new Ask(ask.method, ask.path.replace("users", part), ask.body.replace("\"users\"", '"' + part + '"'));
    }

    private void assertStatuses(String secret, List<Ask> asks, int expected) throws Exception {
        for (Ask ask : asks) {
            assertThat(served.keyval(secret, ask.method, ask.path, ask.body).status())
                    .as(ask.toString())
                    .isEqualTo(expected);
        }
    }
}
