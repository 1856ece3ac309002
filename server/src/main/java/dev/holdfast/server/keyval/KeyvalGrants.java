package dev.holdfast.server.keyval;

import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyJson;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.HttpException;
import java.util.Collection;
import java.util.List;

/**
 * The keys that the caller of a request may touch: all, unless its token is limited. A prefix is touched by whoever
 * reads or deletes what is below it, so it must lie inside one grant as a whole.
 */
final class KeyvalGrants {
    private static final KeyvalGrants EVERYTHING = new KeyvalGrants(false, List.of());

    private final boolean limited;
    private final List<KeyPrefix> prefixes;

    private KeyvalGrants(boolean limited, List<KeyPrefix> prefixes) {
        this.limited = limited;
        this.prefixes = prefixes;
    }

    static KeyvalGrants of(Exchange exchange) {
        if (!exchange.principal().limited()) {
            return EVERYTHING;
        }
        return new KeyvalGrants(
                true,
                exchange.principal().grants().stream()
                        .filter(grant -> grant.kind() == Grant.Kind.KEY)
                        .map(grant -> KeyJson.prefix(Json.parse(grant.prefix())))
                        .toList());
    }

    boolean allows(Key key) {
        return !limited || prefixes.stream().anyMatch(key::startsWith);
    }

    boolean allows(KeyPrefix prefix) {
        return prefix.key().map(this::allows).orElseGet(() -> !limited || prefixes.contains(prefix));
    }

    /** The key, when it may be touched. */
    Key require(Key key) {
        if (!allows(key)) {
            throw refused();
        }
        return key;
    }

    /** The prefix, when all below it may be touched. */
    KeyPrefix require(KeyPrefix prefix) {
        if (!allows(prefix)) {
            throw refused();
        }
        return prefix;
    }

    void requireKeys(Collection<Key> keys) {
        keys.forEach(this::require);
    }

    void requirePrefixes(Collection<KeyPrefix> all) {
        all.forEach(this::require);
    }

    private static HttpException refused() {
        return HttpException.forbidden("http.grant_missing", "the token does not open these keys");
    }
}
