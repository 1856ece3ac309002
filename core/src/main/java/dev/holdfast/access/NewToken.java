package dev.holdfast.access;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.json.Json;
import dev.holdfast.key.KeyJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A token to be made.
 *
 * @param name what it is for: 1 to {@value #NAME_MAX} characters without control characters
 * @param scopes what it allows, at least one
 * @param namespace the only namespace it opens; empty, for all, only with {@link Token.Scope#ADMIN}
 * @param grants the only data it opens, at most {@value #GRANTS_MAX}; empty for everything. Not with
 *     {@link Token.Scope#ADMIN}, which is for everything
 * @param ttl how long it lives, 1 second to 100 years; empty for ever
 */
public record NewToken(
        String name,
        Set<Token.Scope> scopes,
        Optional<String> namespace,
        List<Token.Grant> grants,
        Optional<Duration> ttl) {
    /** Characters of a name at most. */
    public static final int NAME_MAX = 200;

    /** Grants of one token at most. */
    public static final int GRANTS_MAX = 100;

    private static final Duration TTL_MIN = Duration.ofSeconds(1);
    private static final Duration TTL_MAX = Duration.ofDays(36_525);

    /** Refuses what contradicts itself: {@code access.token_invalid}. */
    public NewToken {
        Objects.requireNonNull(name, "name");
        scopes = Set.copyOf(scopes);
        Objects.requireNonNull(namespace, "namespace").ifPresent(Namespaces::requireName);
        grants = grants.stream().map(NewToken::canonical).toList();
        Objects.requireNonNull(ttl, "ttl");
        if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("a token's name has 1 to " + NAME_MAX + " characters without control characters (length="
                    + name.length() + ")");
        }
        if (scopes.isEmpty()) {
            throw invalid("a token needs a scope: read, write or admin");
        }
        boolean admin = scopes.contains(Token.Scope.ADMIN);
        if (!admin && namespace.isEmpty()) {
            throw invalid("only admin tokens open every namespace: name one");
        }
        if (admin && !grants.isEmpty()) {
            throw invalid("an admin token cannot be limited to some data (grants=" + grants.size() + ")");
        }
        if (grants.size() > GRANTS_MAX) {
            throw invalid("a token has too many grants (grants=" + grants.size() + ", grantsMax=" + GRANTS_MAX + ")");
        }
        ttl.ifPresent(NewToken::requireTtl);
    }

    /** A token of the namespace {@code default} for all of its data. */
    public static NewToken of(String name, Token.Scope first, Token.Scope... more) {
        return new NewToken(
                name, EnumSet.of(first, more), Optional.of(Namespaces.DEFAULT), List.of(), Optional.empty());
    }

    /** A token for everything. */
    public static NewToken admin(String name) {
        return new NewToken(name, Set.of(Token.Scope.ADMIN), Optional.empty(), List.of(), Optional.empty());
    }

    /** The same in another namespace. */
    public NewToken in(String other) {
        return new NewToken(name, scopes, Optional.of(other), grants, ttl);
    }

    /** The same limited to some data, beside that of other grants. */
    public NewToken only(Token.Grant.Kind kind, String prefix) {
        List<Token.Grant> more = new ArrayList<>(grants);
        more.add(new Token.Grant(kind, prefix));
        return new NewToken(name, scopes, namespace, more, ttl);
    }

    /** The same with an end. */
    public NewToken expiring(Duration after) {
        return new NewToken(name, scopes, namespace, grants, Optional.of(after));
    }

    /** A grant in the form that is stored; the prefix of keys must be a JSON array of key parts. */
    private static Token.Grant canonical(Token.Grant grant) {
        if (grant.prefix().length() > Token.Grant.PREFIX_MAX) {
            throw invalid("a grant's prefix is longer than the limit (length="
                    + grant.prefix().length() + ", prefixMax=" + Token.Grant.PREFIX_MAX + ")");
        }
        return grant.kind() == Token.Grant.Kind.KEY
                ? new Token.Grant(grant.kind(), KeyJson.text(KeyJson.prefix(Json.parse(grant.prefix()))))
                : grant;
    }

    private static void requireTtl(Duration ttl) {
        if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
            throw invalid("a token lives 1 second to 100 years (ttl=" + ttl + ")");
        }
    }

    private static InvalidInputException invalid(String message) {
        return new InvalidInputException("access.token_invalid", message);
    }
}
