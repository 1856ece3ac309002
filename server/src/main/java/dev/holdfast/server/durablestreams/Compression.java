package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Which bodies are sent compressed, and how. */
final class Compression {
    private static final int BYTES_MIN = 1_024;
    private static final int BUFFER_BYTES = 8 * 1_024;

    /** What is compressed by itself. */
    private static final Pattern DENSE =
            Pattern.compile("(image/(?!svg)|audio/|video/|application/(zip|gzip|zstd|x-7z|x-xz|x-bzip)).*");

    private Compression() {}

    /** Whether a body of this kind is compressed for those who take it. */
    static boolean worthwhile(String contentType, long bytes) {
        return bytes >= BYTES_MIN
                && !DENSE.matcher(contentType.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether the client takes gzip. */
    static boolean accepted(Exchange exchange) {
        boolean any = false;
        for (String header : exchange.headers("Accept-Encoding")) {
            for (String coding : header.split(",")) {
                int semicolon = coding.indexOf(';');
                String name = (semicolon < 0 ? coding : coding.substring(0, semicolon)).strip();
                boolean wanted = semicolon < 0 || !refuses(coding.substring(semicolon + 1));
                if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip")) {
                    return wanted;
                }
                any |= wanted && name.equals("*");
            }
        }
        return any;
    }

    private static boolean refuses(String parameters) {
        return parameters.replace(" ", "").matches("(?i)q=0(\\.0*)?(;.*)?");
    }

    /** Compresses what is written, quickly rather than much. The stream below is not closed. */
    static void gzip(OutputStream out, Exchange.BodyWriter writer) throws Exception {
        Quick gzip = new Quick(out);
        try {
            writer.write(gzip);
            gzip.finish();
        } finally {
            gzip.release();
        }
    }

    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }

        /** Gives back the memory that is not Java's. */
        void release() {
            def.end();
        }
    }
}
