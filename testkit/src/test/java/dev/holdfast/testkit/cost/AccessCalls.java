package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Namespace;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.access.Tokens;
import java.util.ArrayDeque;

/** The calls of the page on the server that are about tokens. */
final class AccessCalls {
    private final ArrayDeque<String> secrets = new ArrayDeque<>();
    private final ArrayDeque<String> ids = new ArrayDeque<>();

    private AccessCalls() {}

    static Calls all() {
        AccessCalls calls = new AccessCalls();
        return new Calls()
                .add("`tokens().find`, known for less than a second", calls::known, calls::find)
                .add("`tokens().find` of another", calls::made, calls::find)
                .add("`tokens().create`", (at, run, n) -> tokens(at).create(NewToken.of("t", Token.Scope.READ)))
                .add(
                        "`tokens().revoke`",
                        calls::made,
                        (at, run, n) -> assertThat(tokens(at).revoke(calls.ids.getLast()))
                                .isTrue());
    }

    private static Tokens tokens(Namespace at) {
        return Tokens.in(at.session().database());
    }

    private void made(Namespace at, int run, int n) {
        var created = tokens(at).create(NewToken.of("t", Token.Scope.READ));
        secrets.add(created.secret());
        ids.add(created.token().id());
    }

    private void known(Namespace at, int run, int n) {
        made(at, run, n);
        find(at, run, n);
    }

    private void find(Namespace at, int run, int n) {
        assertThat(tokens(at).find(secrets.getLast())).isPresent();
    }
}
