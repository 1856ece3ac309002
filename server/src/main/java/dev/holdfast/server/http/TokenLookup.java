package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.InvalidInputException;
import java.security.MessageDigest;
import java.util.Optional;

/** Finds out whose a bearer token is. Safe for use by many threads; may block. */
@FunctionalInterface
public interface TokenLookup {
    /** Whose token it is; empty when it is nobody's, or no longer valid. */
    Optional<Principal> find(String token);

    /** This look-up, and another one for what it does not know. */
    default TokenLookup or(TokenLookup other) {
        requireNonNull(other, "other");
        return token -> {
            Optional<Principal> found = find(token);
            return found.isPresent() ? found : other.find(token);
        };
    }

    /**
     * Knows one token, the administrator's. How long the comparison takes depends on what came and not on the secret.
     *
     * @param secret 1 to 4,096 characters, visible ASCII without blanks
     * @throws InvalidInputException the secret could not be sent in a header
     */
    static TokenLookup admin(String secret) {
        requireNonNull(secret, "secret");
        if (secret.isEmpty() || secret.length() > 4096 || secret.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidInputException(
                    "http.token_unusable",
                    "a token must have 1 to 4096 visible ASCII characters (length=" + secret.length() + ")");
        }
        byte[] expected = secret.getBytes(UTF_8);
        Optional<Principal> admin = Optional.of(Principal.admin("admin"));
        // The time of isEqual depends on the length of its first argument only.
        return token -> MessageDigest.isEqual(token.getBytes(UTF_8), expected) ? admin : Optional.empty();
    }
}
