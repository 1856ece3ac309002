package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.engine.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a certificate chain and a private key from PEM files into a keystore in memory. */
final class PemFiles {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFiles() {}

    /**
     * The keystore of two files, its key without a password.
     *
     * @throws InvalidInputException a file cannot be read or does not hold what it should
     */
    static KeyStore load(Tls.Pem files) {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(files.certificates())))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw refused("no certificate in it", files.certificates(), null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key(files.key()), new char[0], chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw refused("not a certificate chain in PEM form", files.certificates(), e);
        } catch (IOException e) {
            throw new IllegalStateException("an empty keystore needs no file", e);
        }
    }

    private static PrivateKey key(Path file) {
        String text = new String(read(file), US_ASCII);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw refused(
                    "no " + BEGIN + " in it; other forms are turned into this one by: openssl pkcs8 -topk8 -nocrypt",
                    file,
                    null);
        }
        byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
        return ALGORITHMS.stream()
                .flatMap(algorithm -> key(algorithm, encoded).stream())
                .findFirst()
                .orElseThrow(() -> refused("not a key of RSA, EC or EdDSA", file, null));
    }

    /** The key, unless it is one of another algorithm. */
    private static Optional<PrivateKey> key(String algorithm, byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw refused("it cannot be read", file, e);
        }
    }

    private static InvalidInputException refused(String why, Path file, @Nullable Exception cause) {
        String message = "the PEM file is of no use: " + why + " (file=" + file + ")";
        return cause == null
                ? new InvalidInputException("http.pem_unusable", message)
                : new InvalidInputException("http.pem_unusable", message, cause);
    }
}
