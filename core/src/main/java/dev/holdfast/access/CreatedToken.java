package dev.holdfast.access;

import java.util.Objects;

/**
 * A token that was just made, with its secret, which nobody can find out again.
 *
 * @param token what it allows
 * @param secret what its bearer sends; never printed by {@link #toString()}
 */
public record CreatedToken(Token token, String secret) {
    /** Checks for null. */
    public CreatedToken {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(secret, "secret");
    }

    @Override
    public String toString() {
        return "CreatedToken[token=" + token + ", secret=***]";
    }
}
