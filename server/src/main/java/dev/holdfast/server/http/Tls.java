package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where a server that speaks TLS has its key and certificate. The files are read when the server is built; new ones
 * need a new server.
 */
public sealed interface Tls {
    /**
     * A keystore.
     *
     * @param file a PKCS #12 or JKS file that holds one private key with its certificate chain
     * @param password opens the file and the key in it; never printed
     */
    record Keystore(Path file, String password) implements Tls {
        /** Checks that nothing is missing. */
        public Keystore {
            requireNonNull(file, "file");
            requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "Keystore[file=" + file + ", password=***]";
        }
    }

    /**
     * Two text files, as certificate authorities hand them out.
     *
     * @param certificates the server's certificate, then those that signed it
     * @param key its private key in PKCS #8 form without a password ({@code BEGIN PRIVATE KEY}): RSA, EC or EdDSA
     */
    record Pem(Path certificates, Path key) implements Tls {
        /** Checks that nothing is missing. */
        public Pem {
            requireNonNull(certificates, "certificates");
            requireNonNull(key, "key");
        }
    }
}
