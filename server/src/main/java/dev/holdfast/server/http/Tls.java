package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The key and certificate of a server that speaks TLS.
 *
 * @param keystore a PKCS #12 or JKS file that holds one private key with its certificate chain
 * @param password opens the file and the key in it; never printed
 */
public record Tls(Path keystore, String password) {
    /** Checks that nothing is missing; the file itself is read when the server starts. */
    public Tls {
        requireNonNull(keystore, "keystore");
        requireNonNull(password, "password");
    }

    @Override
    public String toString() {
        return "Tls[keystore=" + keystore + ", password=***]";
    }
}
