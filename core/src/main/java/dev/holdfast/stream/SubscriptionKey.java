package dev.holdfast.stream;

/**
 * The public half of the Ed25519 key that signs the webhooks of a namespace.
 *
 * @param kid its name: {@code ds_} and its thumbprint as RFC 7638 makes it
 * @param point the 32 bytes of the key
 */
public record SubscriptionKey(String kid, byte[] point) {
    /** The point as a JSON Web Key writes it. */
    public String x() {
        return SubscriptionKeys.base64(point);
    }

    /** The name of a key. */
    static String thumbprint(byte[] point) {
        String members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + SubscriptionKeys.base64(point) + "\"}";
        return "ds_" + SubscriptionKeys.base64(SubscriptionKeys.sha256(members));
    }
}
