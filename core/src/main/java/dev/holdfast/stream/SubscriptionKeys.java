package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a namespace: one that webhooks are signed with, and one that tokens are made with. Both are made with the
 * first subscription and stay in the store.
 */
final class SubscriptionKeys {
    private static final int SIGNING = 0;
    private static final int TOKENS = 1;
    private static final int TOKEN_KEY_BYTES = 32;
    /** Bytes of the key itself, at the end of its encoded form. */
    private static final int POINT_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final String find;
    private final String insert;

    SubscriptionKeys(Database database) {
        Tables tables = database.tables();
        find = tables.sql("select kid, secret_key, public_key from {p}stream_keys where ns = ? and purpose = ?");
        insert = tables.sql("insert into {p}stream_keys (ns, purpose, kid, secret_key, public_key, created_at)"
                + " values (?, ?, ?, ?, ?, ?) on conflict (ns, purpose) do nothing");
    }

    /** Makes the keys of a namespace, unless they are there. */
    void ensure(Tx tx) {
        if (find(tx, tx.ns(), SIGNING).isEmpty()) {
            KeyPair pair = newPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] point = Arrays.copyOfRange(encoded, encoded.length - POINT_BYTES, encoded.length);
            byte[] secret = pair.getPrivate().getEncoded();
            tx.exec(insert, tx.ns(), SIGNING, SubscriptionKey.thumbprint(point), secret, point, tx.now());
        }
        if (find(tx, tx.ns(), TOKENS).isEmpty()) {
            byte[] secret = new byte[TOKEN_KEY_BYTES];
            random.nextBytes(secret);
            tx.exec(insert, tx.ns(), TOKENS, "", secret, new byte[0], tx.now());
        }
    }

    /** What a receiver of webhooks checks them with. */
    Optional<SubscriptionKey> signing(Sql sql, int ns) {
        return find(sql, ns, SIGNING).map(key -> new SubscriptionKey(key.kid(), key.open()));
    }

    /** The secret of the key that signs. */
    Secret secret(Sql sql, int ns) {
        Stored key = find(sql, ns, SIGNING).orElseThrow(SubscriptionKeys::lost);
        return new Secret(key.kid(), key.secret());
    }

    /** What proves that a text was made here; empty in a namespace that never made any. */
    Optional<byte[]> proof(Sql sql, int ns, String text) {
        return find(sql, ns, TOKENS).map(key -> mac(key.secret(), text));
    }

    private Optional<Stored> find(Sql sql, int ns, int purpose) {
        return sql.first(find, row -> new Stored(row.getString(1), row.getBytes(2), row.getBytes(3)), ns, purpose);
    }

    private static IllegalStateException lost() {
        return new IllegalStateException("a namespace with subscriptions has keys");
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static byte[] sign(byte[] secret, byte[] content) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(secret)));
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored key signs nothing", e);
        }
    }

    private static byte[] mac(byte[] secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A key that signs; it is shown to nobody. */
    static final class Secret {
        private final String kid;
        private final byte[] encoded;

        private Secret(String kid, byte[] encoded) {
            this.kid = kid;
            this.encoded = encoded;
        }

        String kid() {
            return kid;
        }

        byte[] sign(byte[] content) {
            return SubscriptionKeys.sign(encoded, content);
        }
    }

    /** A key as it is stored. */
    private record Stored(String kid, byte[] secret, byte[] open) {}
}
