package dev.holdfast.client;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request came to nothing. {@link #reason()} says what to do next, {@link #status()} and {@link #path()} what was
 * asked and answered.
 *
 * <p>It is no {@link dev.holdfast.engine.HoldfastException}: those say what a store has done or not done, while here
 * nobody may know it ({@link Reason#NETWORK}). Input that is refused before anything is sent is an
 * {@link dev.holdfast.engine.InvalidInputException} as everywhere, and the use of what was closed a
 * {@link dev.holdfast.engine.ClosedException}.
 *
 * <p>Messages read {@code code: what happened (name=value, ...)}. They end with the first words of what the server
 * said, which are for people.
 */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final int status;
    private final String path;
    private final transient Facts facts;
    private boolean behindUnknown;

    ClientException(Reason reason, int status, String path, String message, Facts facts) {
        super(reason.code + ": " + message);
        this.reason = reason;
        this.status = status;
        this.path = path;
        this.facts = facts;
    }

    /** The connection failed, or nothing was answered in time. */
    static ClientException network(String path, Throwable cause) {
        String said = cause.getMessage();
        String words = said == null ? cause.getClass().getSimpleName() : said;
        return caused(Reason.NETWORK, 0, path, "the server did not answer (path=" + path + "): " + words, cause);
    }

    /** The answer is larger than the client takes. */
    static ClientException tooLarge(String path, int bytesMax, Throwable cause) {
        return caused(
                Reason.TOO_LARGE,
                0,
                path,
                "the answer is larger than the client takes (path=" + path + ", answerBytesMax=" + bytesMax + ")",
                cause);
    }

    /** The calling thread was interrupted. */
    static ClientException interrupted(String path, Throwable cause) {
        return caused(Reason.INTERRUPTED, 0, path, "interrupted while waiting (path=" + path + ")", cause);
    }

    /** The server said something that the protocol does not know. */
    static ClientException malformed(String path, String what) {
        return new ClientException(Reason.MALFORMED, 200, path, what + " (path=" + path + ")", Facts.NONE);
    }

    /** The same, with what noticed it. */
    static ClientException malformed(String path, String what, Throwable cause) {
        return caused(Reason.MALFORMED, 200, path, what + " (path=" + path + ")", cause);
    }

    private static ClientException caused(Reason reason, int status, String path, String message, Throwable cause) {
        ClientException failure = new ClientException(reason, status, path, message, Facts.NONE);
        failure.initCause(cause);
        return failure;
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }

    /** The stable name of the reason, such as {@code client.not_found}. */
    public String code() {
        return reason.code;
    }

    /** The status that the server answered; 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** The path of the stream on the server. */
    public String path() {
        return path;
    }

    /** The final offset, where the stream is closed and the server told it. */
    public Optional<String> tail() {
        return facts.tail;
    }

    /** The epoch that the server knows, where the producer's is older. */
    public OptionalLong epoch() {
        return facts.epoch;
    }

    /** The sequence number that comes next, where the producer left some out. */
    public OptionalLong expected() {
        return facts.expected;
    }

    /** Whether the same request may succeed later by itself. */
    boolean mayRetry() {
        return switch (reason) {
            case NETWORK, RATE_LIMITED, SERVER -> true;
            case INTERRUPTED,
                    MALFORMED,
                    BAD_REQUEST,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    NOT_FOUND,
                    GONE,
                    OCCUPIED,
                    CLOSED,
                    CONTENT_TYPE,
                    STALE_EPOCH,
                    GAP,
                    SEQUENCE,
                    TOO_LARGE,
                    UNEXPECTED -> false;
        };
    }

    /** Whether the server has refused the request; an attempt before this one may have had an effect all the same. */
    boolean isRefusal() {
        return status >= 400 && status < 500;
    }

    /** Whether nobody knows if an attempt that ended like this had an effect, or still will have one. */
    boolean isUnknown() {
        return reason == Reason.NETWORK || reason == Reason.SERVER;
    }

    /** The same, of a request that was sent before, and nobody knows what came of that. */
    ClientException behindUnknown() {
        behindUnknown = true;
        return this;
    }

    /** Whether an attempt of the same request came before of which nobody knows what came of it. */
    boolean isBehindUnknown() {
        return behindUnknown;
    }

    /** What the server said besides. */
    record Facts(Optional<String> tail, OptionalLong epoch, OptionalLong expected) {
        static final Facts NONE = new Facts(Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** Why a request came to nothing. */
    public enum Reason {
        /** No answer came; whether the request had an effect is not known. Send it again, as a producer at best. */
        NETWORK,
        /** The thread was interrupted while it waited; whether the request had an effect is not known. */
        INTERRUPTED,
        /** The answer is none of the protocol, or a message is not of the type that is read. */
        MALFORMED,
        /** 400: what was asked for is wrong, an offset for instance. */
        BAD_REQUEST,
        /** 401: credentials are missing or wrong. */
        UNAUTHORIZED,
        /** 403: the credentials do not allow it. */
        FORBIDDEN,
        /** 404: there is no such stream, or its time has passed. */
        NOT_FOUND,
        /** 410: it was deleted and is kept for its forks only, or what stood at the offset was removed. */
        GONE,
        /** 409: a stream of this name was made otherwise, or what is to be forked cannot be. */
        OCCUPIED,
        /** 409: the stream is closed; {@link ClientException#tail()}. */
        CLOSED,
        /** 409: what is appended is said to be of another type than the stream. */
        CONTENT_TYPE,
        /** 403: somebody has taken over from this producer; {@link ClientException#epoch()}. */
        STALE_EPOCH,
        /** 409: appends of this producer are missing before this one; {@link ClientException#expected()}. */
        GAP,
        /** 409: the sequence is not greater than the last one. */
        SEQUENCE,
        /** 413: there is too much in one request; or in one answer, see {@link ClientOptions#answerBytesMax}. */
        TOO_LARGE,
        /** 429, and the policy allows no more attempts. */
        RATE_LIMITED,
        /** 5xx but 501, and the policy allows no more attempts. */
        SERVER,
        /** Any other status. */
        UNEXPECTED;

        private final String code = "client." + name().toLowerCase(Locale.ROOT);
    }
}
