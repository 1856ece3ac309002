package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Says who sent a request. Called for every request but cross-origin preflights, on the request's own virtual thread,
 * so it may block; and again for an open event stream once per ping interval, which ends when it is refused then.
 */
public interface Authenticator {
    /**
     * The caller of a request.
     *
     * @throws HttpException with status 401 when the request does not say who sent it, or says it wrongly
     */
    Principal authenticate(Exchange exchange);

    /**
     * Whether requests need no token at all. Such a server listens on loopback only and keeps foreign browser origins
     * out.
     */
    default boolean open() {
        return false;
    }

    /** Asks for nothing: everybody who reaches the server is {@link Principal#local()}. */
    static Authenticator none() {
        return new Authenticator() {
            @Override
            public Principal authenticate(Exchange exchange) {
                return Principal.local();
            }

            @Override
            public boolean open() {
                return true;
            }
        };
    }

    /** Asks for {@code Authorization: Bearer TOKEN} on every request and lets a look-up say whose token it is. */
    static Authenticator bearer(TokenLookup lookup) {
        requireNonNull(lookup, "lookup");
        return exchange -> {
            Optional<String> token = exchange.header("Authorization").flatMap(Authenticator::bearerToken);
            if (token.isEmpty()) {
                throw HttpException.unauthorized(
                        "http.token_missing", "a token is required: send Authorization: Bearer TOKEN");
            }
            return lookup.find(token.get())
                    .orElseThrow(() -> HttpException.unauthorized("http.token_invalid", "the token is not valid here"));
        };
    }

    private static Optional<String> bearerToken(String header) {
        String scheme = "Bearer ";
        if (!header.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return Optional.empty();
        }
        String token = header.substring(scheme.length()).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
