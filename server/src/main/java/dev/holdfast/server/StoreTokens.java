package dev.holdfast.server;

import dev.holdfast.access.Token;
import dev.holdfast.access.Tokens;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Principal;
import dev.holdfast.server.http.Scope;
import dev.holdfast.server.http.TokenLookup;
import java.util.Objects;
import java.util.stream.Collectors;

/** The tokens that a store keeps, as the HTTP layer sees them. */
public final class StoreTokens {
    private StoreTokens() {}

    /** Knows the tokens of a store. One that was revoked is unknown at once, or after a second by another process. */
    public static TokenLookup of(Tokens tokens) {
        Objects.requireNonNull(tokens, "tokens");
        return secret -> tokens.find(secret).map(StoreTokens::principal);
    }

    private static Principal principal(Token token) {
        return new Principal(
                token.id(),
                token.scopes().stream()
                        .map(scope -> Scope.valueOf(scope.name()))
                        .collect(Collectors.toSet()),
                token.namespace(),
                token.grants().stream()
                        .map(grant -> new Grant(Grant.Kind.valueOf(grant.kind().name()), grant.prefix()))
                        .toList());
    }
}
