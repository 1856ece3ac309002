package dev.holdfast.testkit;

import static dev.holdfast.access.Token.Scope.ADMIN;
import static dev.holdfast.access.Token.Scope.READ;
import static dev.holdfast.access.Token.Scope.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.access.AccessRoom;
import dev.holdfast.access.CreatedToken;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.access.Tokens;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.UnitKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tokens promise: only their secret finds them, and nobody finds them after their end. */
public abstract class AccessContract extends Contract {
    private final VirtualTime time = new VirtualTime();
    private Store store;
    private Tokens tokens;

    /** The suite over stores with the tables of the room {@code access}. */
    protected AccessContract() {}

    @BeforeEach
    void open() {
        store = stores().fresh(time);
        tokens = Tokens.in(store.database());
    }

    @Test
    void aSecretFindsItsTokenAndNothingElseDoes() {
        CreatedToken one = tokens.create(NewToken.of("one", READ));
        CreatedToken two = tokens.create(NewToken.of("two", WRITE));

        assertThat(tokens.find(one.secret())).contains(one.token());
        assertThat(tokens.find(two.secret())).contains(two.token());
        assertThat(one.secret()).startsWith("hf_").hasSize(46).isNotEqualTo(two.secret());
        for (String other : List.of(
                "", "hf_", one.token().id(), one.secret() + "x", one.secret().toUpperCase(Locale.ROOT))) {
            assertThat(tokens.find(other)).as(other).isEmpty();
        }
    }

    @Test
    void everythingThatWasAskedForIsKept() {
        NewToken wanted = new NewToken(
                "of the \"shop\"",
                Set.of(READ, WRITE),
                Optional.of("acme"),
                List.of(
                        new Token.Grant(Token.Grant.Kind.KEY, "[ \"users\", 42 ]"),
                        new Token.Grant(Token.Grant.Kind.COLLECTION, "notes"),
                        new Token.Grant(Token.Grant.Kind.STREAM, "/a,b\\")),
                Optional.of(Duration.ofDays(1)));

        CreatedToken created = tokens.create(wanted);

        Token found = tokens.find(created.secret()).orElseThrow();
        assertThat(found).isEqualTo(created.token());
        assertThat(found.name()).isEqualTo("of the \"shop\"");
        assertThat(found.scopes()).containsExactlyInAnyOrder(READ, WRITE);
        assertThat(found.namespace()).contains("acme");
        assertThat(found.grants())
                .containsExactly(
                        new Token.Grant(Token.Grant.Kind.KEY, "[\"users\",42]"),
                        new Token.Grant(Token.Grant.Kind.COLLECTION, "notes"),
                        new Token.Grant(Token.Grant.Kind.STREAM, "/a,b\\"));
        assertThat(found.createdAt()).isEqualTo(time.instant());
        assertThat(found.expiresAt()).contains(time.instant().plus(Duration.ofDays(1)));
    }

    @Test
    void theSecretStandsNowhereInTheStore() {
        CreatedToken created = tokens.create(NewToken.admin("admin"));

        List<byte[]> hashes =
                store.session().read(tx -> tx.list("select hash from holdfast_tokens", row -> row.getBytes(1)));

        assertThat(hashes)
                .singleElement()
                .satisfies(hash -> assertThat(hash)
                        .hasSize(32)
                        .isNotEqualTo(created.secret().getBytes(StandardCharsets.UTF_8)));
        assertThat(created.toString()).doesNotContain(created.secret());
    }

    @Test
    void listsTheOldestFirst() {
        CreatedToken first = tokens.create(NewToken.of("first", READ));
        time.advance(Duration.ofMillis(1));
        CreatedToken second = tokens.create(NewToken.admin("second"));

        assertThat(tokens.list()).containsExactly(first.token(), second.token());
    }

    @Test
    void aRevokedTokenIsGoneAtOnceEvenWhenItWasRemembered() {
        CreatedToken created = tokens.create(NewToken.of("one", READ));
        assertThat(tokens.find(created.secret())).isPresent();

        assertThat(tokens.revoke(created.token().id())).isTrue();

        assertThat(tokens.find(created.secret())).isEmpty();
        assertThat(tokens.list()).isEmpty();
        assertThat(tokens.revoke(created.token().id())).isFalse();
    }

    @Test
    void aTokenThatAnotherProcessRevokedIsGoneAfterASecond() {
        CreatedToken created = tokens.create(NewToken.of("one", READ));
        assertThat(tokens.find(created.secret())).isPresent();
        store.session().write(UnitKind.OPERATION, tx -> tx.exec("delete from holdfast_tokens"));

        time.advance(Duration.ofMillis(999));
        Optional<Token> remembered = tokens.find(created.secret());
        time.advance(Duration.ofMillis(1));

        assertThat(remembered).isPresent();
        assertThat(tokens.find(created.secret())).isEmpty();
    }

    @Test
    void anExpiredTokenIsGoneToTheMillisecondAndThenSweptAway() {
        CreatedToken created = tokens.create(NewToken.of("short", READ).expiring(Duration.ofSeconds(2)));
        CreatedToken lasting = tokens.create(NewToken.of("lasting", READ));

        time.advance(Duration.ofMillis(1_999));
        assertThat(tokens.find(created.secret())).isPresent();
        time.advance(Duration.ofMillis(1));

        assertThat(tokens.find(created.secret())).isEmpty();
        assertThat(tokens.list()).containsExactly(lasting.token());
        AccessRoom.of(store.database()).sweep();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aTokenEndsWithItsNamespace() {
        CreatedToken tenants = tokens.create(NewToken.of("tenant", READ).in("acme"));
        CreatedToken everywhere = tokens.create(NewToken.admin("admin"));
        store.session()
                .write(
                        UnitKind.OPERATION,
                        tx -> tx.exec("update holdfast_namespaces set deleted_at = 1 where name = 'acme'"));

        assertThat(tokens.find(tenants.secret())).isEmpty();
        assertThat(tokens.list()).containsExactly(everywhere.token());
        AccessRoom.of(store.database()).sweep();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void contradictionsAreRefused() {
        List<Token.Grant> grant = List.of(new Token.Grant(Token.Grant.Kind.STREAM, "/a"));
        Optional<String> acme = Optional.of("acme");
        Optional<Duration> ever = Optional.empty();

        refused("no namespace", () -> new NewToken("a", Set.of(READ), Optional.empty(), List.of(), ever));
        refused("no scope", () -> new NewToken("a", Set.of(), acme, List.of(), ever));
        refused("limited admin", () -> new NewToken("a", Set.of(ADMIN), acme, grant, ever));
        refused("no name", () -> NewToken.of(" ", READ));
        refused("line break", () -> NewToken.of("a\nb", READ));
        refused("long name", () -> NewToken.of("a".repeat(201), READ));
        refused("namespace", () -> NewToken.of("a", READ).in("a/b"));
        refused("no key", () -> NewToken.of("a", READ).only(Token.Grant.Kind.KEY, "users"));
        refused("long prefix", () -> NewToken.of("a", READ).only(Token.Grant.Kind.STREAM, "a".repeat(4_097)));
        refused("short life", () -> NewToken.of("a", READ).expiring(Duration.ofMillis(999)));
        refused("long life", () -> NewToken.of("a", READ).expiring(Duration.ofDays(36_526)));
    }

    private static void refused(String what, Runnable made) {
        assertThatThrownBy(made::run).as(what).isInstanceOf(InvalidInputException.class);
    }

    private long rows() {
        return store.session()
                .read(tx -> tx.first("select count(*) from holdfast_tokens", row -> row.getLong(1))
                        .orElseThrow());
    }
}
