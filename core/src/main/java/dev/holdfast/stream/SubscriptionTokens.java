package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * The tokens of wakes. A token says until when it is good, for which wake, and in which namespace; what proves it is
 * made
 * with a key of that namespace. Whether the wake is still the present one is for the subscription to say.
 */
final class SubscriptionTokens {
    private static final String VERSION = "ds1";
    private static final int PARTS = 6;
    private static final int BYTES_MAX = 2_048;

    private final SubscriptionKeys keys;

    SubscriptionTokens(SubscriptionKeys keys) {
        this.keys = keys;
    }

    /** The token of the present wake of a subscription. */
    String token(Tx tx, String subscription, String wakeId) {
        String said = String.join(
                ".",
                VERSION,
                Long.toString(tx.now() + SubscriptionLimits.TOKEN_TTL.toMillis()),
                wakeId,
                SubscriptionKeys.base64(tx.namespace().getBytes(StandardCharsets.UTF_8)),
                SubscriptionKeys.base64(subscription.getBytes(StandardCharsets.UTF_8)));
        byte[] proof = keys.proof(tx, tx.ns(), said)
                .orElseThrow(() -> new IllegalStateException("a namespace with subscriptions has keys"));
        return said + "." + SubscriptionKeys.base64(proof);
    }

    /** The namespace that a token names, which may not be true; empty when it is no token at all. */
    static Optional<String> namespace(String token) {
        return parse(token).map(Said::namespace);
    }

    /** Checks a token; answers the wake that it is of. */
    String requireWake(Tx tx, String subscription, String token) {
        Said said = parse(token).orElseThrow(SubscriptionTokens::invalid);
        byte[] proof = keys.proof(tx, tx.ns(), said.text()).orElseThrow(SubscriptionTokens::invalid);
        boolean ours = MessageDigest.isEqual(proof, said.proof())
                && said.namespace().equals(tx.namespace())
                && said.subscription().equals(subscription);
        if (!ours) {
            throw invalid();
        }
        if (said.until() <= tx.now()) {
            throw new SubscriptionException(
                    SubscriptionException.Reason.TOKEN_EXPIRED, "the token of the wake has expired");
        }
        return said.wakeId();
    }

    private static SubscriptionException invalid() {
        return new SubscriptionException(
                SubscriptionException.Reason.TOKEN_INVALID, "the token is none of this subscription");
    }

    private static Optional<Said> parse(String token) {
        String[] parts = token.length() > BYTES_MAX ? new String[0] : token.split("\\.", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        try {
            String said = token.substring(0, token.lastIndexOf('.'));
            String namespace = Namespaces.requireName(text(parts[3]));
            String subscription = text(parts[4]);
            byte[] proof = Base64.getUrlDecoder().decode(parts[5]);
            return Optional.of(new Said(said, Long.parseLong(parts[1]), parts[2], namespace, subscription, proof));
        } catch (IllegalArgumentException | InvalidInputException e) {
            // Whatever is wrong with it: it was not made here.
            return Optional.empty();
        }
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** What a token says, and what shall prove it. */
    private record Said(String text, long until, String wakeId, String namespace, String subscription, byte[] proof) {}
}
