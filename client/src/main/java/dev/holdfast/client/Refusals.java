package dev.holdfast.client;

import dev.holdfast.client.ClientException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns answers that are no success into errors, by status and headers alone. */
final class Refusals {
    private static final int WORDS_MAX = 120;

    private Refusals() {}

    static ClientException of(WireRequest request, Answer answer, String path) {
        Reason reason = reason(request, answer);
        String words = words(answer.body());
        return new ClientException(
                reason,
                answer.status(),
                path,
                says(reason) + " (status=" + answer.status() + ", path=" + path + ")"
                        + (words.isEmpty() ? "" : ": " + words),
                new ClientException.Facts(
                        Optional.of(answer.text(Wire.NEXT_OFFSET)).filter(text -> !text.isEmpty()),
                        reason == Reason.STALE_EPOCH
                                ? Wire.number(answer.headers(), Wire.PRODUCER_EPOCH)
                                : OptionalLong.empty(),
                        Wire.number(answer.headers(), Wire.EXPECTED_SEQ)));
    }

    private static Reason reason(WireRequest request, Answer answer) {
        return switch (answer.status()) {
            case 400 -> Reason.BAD_REQUEST;
            case 401 -> Reason.UNAUTHORIZED;
            case 403 -> answer.text(Wire.PRODUCER_EPOCH).isEmpty() ? Reason.FORBIDDEN : Reason.STALE_EPOCH;
            case 404 -> Reason.NOT_FOUND;
            case 409 -> conflict(request, answer);
            case 410 -> Reason.GONE;
            case 413 -> Reason.TOO_LARGE;
            case 429 -> Reason.RATE_LIMITED;
            case 501 -> Reason.UNEXPECTED;
            default -> answer.status() >= 500 ? Reason.SERVER : Reason.UNEXPECTED;
        };
    }

    private static Reason conflict(WireRequest request, Answer answer) {
        if (request.method().equals("PUT")) {
            return Reason.OCCUPIED;
        }
        if (answer.says(Wire.CLOSED)) {
            return Reason.CLOSED;
        }
        if (!answer.text(Wire.EXPECTED_SEQ).isEmpty()) {
            return Reason.GAP;
        }
        return request.headers().containsKey(Wire.SEQ) ? Reason.SEQUENCE : Reason.CONTENT_TYPE;
    }

    private static String says(Reason reason) {
        return switch (reason) {
            case BAD_REQUEST -> "the server refuses the request";
            case UNAUTHORIZED -> "the server asks for credentials, or those that were sent are wrong";
            case FORBIDDEN -> "the credentials do not allow it";
            case NOT_FOUND -> "there is no such stream";
            case GONE -> "the stream was deleted, or its content at this offset was removed";
            case OCCUPIED -> "there is a stream that was made otherwise";
            case CLOSED -> "the stream is closed";
            case CONTENT_TYPE -> "the stream holds content of another type";
            case STALE_EPOCH -> "another producer has taken over";
            case GAP -> "appends of the producer are missing before this one";
            case SEQUENCE -> "the sequence is not greater than the last one";
            case TOO_LARGE -> "the request is too large";
            case RATE_LIMITED -> "the server asks for fewer requests";
            case SERVER -> "the server failed";
            case NETWORK, INTERRUPTED, MALFORMED, UNEXPECTED -> "the answer is not one that was expected";
        };
    }

    /** The first line of what the server said, cut. */
    private static String words(byte[] body) {
        int length = Math.min(body.length, 4 * WORDS_MAX);
        String line = new String(body, 0, length, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return line.length() <= WORDS_MAX ? line : line.substring(0, WORDS_MAX) + "...";
    }
}
