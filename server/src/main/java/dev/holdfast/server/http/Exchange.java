package dev.holdfast.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * One request and its answer.
 *
 * <p>An exchange belongs to the thread that handles it; only what it hands out, {@link EventStream} and {@link Parked},
 * may be used by others. It is answered exactly once: by one of the {@code respond} methods, {@link #events} or, later,
 * after {@link #park}. A second answer is an {@link IllegalStateException}. Nothing is parsed before it is asked for.
 */
public sealed interface Exchange permits JettyExchange {
    /** The method as it was sent, such as {@code GET}; also {@code HEAD} where a route for GET answers it. */
    String method();

    /** The path as it was sent, undecoded, without {@code /ns/<name>} in front. */
    String path();

    /**
     * The absolute address of the request as its client wrote it, without its query: below the public url where one is
     * set, else as a proxy tells in {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}, else as it arrived.
     */
    String url();

    /** The name under which logs and errors know this request. */
    String requestId();

    /** Who asks. */
    Principal principal();

    /** The namespace of the request: the token's, else the one that the path names, else {@code default}. */
    String namespace();

    /**
     * Moves the request to another namespace, for protocols that name it in a place of their own.
     *
     * @throws HttpException the caller may not enter it (403)
     */
    void enter(String namespace);

    /**
     * A path parameter, decoded; of {@code {name...}} the whole rest.
     *
     * @throws dev.holdfast.engine.InvalidInputException the escapes are broken
     */
    String pathParam(String name);

    /** A path parameter as it was sent. */
    String rawPathParam(String name);

    /** The parts of a parameter {@code {name...}}, split at {@code /} and then decoded; parts may be empty. */
    List<String> pathParts(String name);

    /** The query as it was sent, without {@code ?}. */
    Optional<String> query();

    /** The first value of a query parameter, decoded. */
    Optional<String> queryParam(String name);

    /**
     * The first value of a query parameter as it was sent: split it first, then decode its parts with {@link Percent}.
     */
    Optional<String> rawQueryParam(String name);

    /** All values of a query parameter, decoded, in order. */
    List<String> queryParams(String name);

    /** The names of all query parameters, decoded, each once. */
    List<String> queryNames();

    /** The first value of a request header. */
    Optional<String> header(String name);

    /** All values of a request header, in order. */
    List<String> headers(String name);

    /**
     * The whole body. Blocks until it has arrived.
     *
     * @throws HttpException it is larger than the server's limit (413)
     * @throws IOException the client went away
     */
    byte[] body() throws IOException;

    /**
     * The whole body, with a limit of the caller's own in place of the server's.
     *
     * @param bytesMax largest body taken
     */
    byte[] body(int bytesMax) throws IOException;

    /** The body as a stream that fails with 413 after so many bytes. Each read blocks until something has arrived. */
    InputStream bodyStream(long bytesMax);

    /**
     * The body as one JSON value. Blocks until it has arrived.
     *
     * @throws dev.holdfast.engine.InvalidInputException it is not JSON, or nested too deeply
     */
    JsonNode json() throws IOException;

    /** The body as one JSON value; empty when there is no body. Otherwise like {@link #json}. */
    Optional<JsonNode> jsonIfAny() throws IOException;

    /** Sets a header of the answer. */
    void setHeader(String name, String value);

    /** Adds a header of the answer beside others of its name. */
    void addHeader(String name, String value);

    /** Answers without a body. */
    void respond(int status);

    /** Answers with a body. The bytes belong to the server from now on. Does not wait until they are sent. */
    void respond(int status, ContentType type, byte[] bytes);

    /** Answers with one JSON value. */
    void respondJson(int status, JsonNode json);

    /** Answers with plain text. */
    void respondText(int status, String text);

    /** Answers as if the handler had thrown this: in the mount's error shape with the status that belongs to it. */
    void respondError(Throwable error);

    /**
     * Answers with a body of unknown length. Small writes are gathered; a write blocks while the client is slower than
     * the writer. The answer ends in order when the writer returns. When it throws after the first 32 KiB, the
     * connection is cut, so that no client takes half an answer for a whole one; before that, the client gets an
     * ordinary error.
     *
     * @throws Exception what the writer threw, for the handler to pass on
     */
    void respond(int status, ContentType type, BodyWriter writer) throws Exception;

    /** Writes a body piece by piece. */
    @FunctionalInterface
    interface BodyWriter {
        /**
         * Writes all of it. Closing the stream only flushes it.
         *
         * @throws Exception whatever went wrong
         */
        void write(OutputStream out) throws Exception;
    }

    /**
     * Answers with an event stream and returns at once; the handler may then return, too. Idle streams get the comment
     * {@code : ping} from time to time.
     */
    EventStream events();

    /**
     * The same with another sign of life.
     *
     * @param heartbeat called on the server's timer each time, so it must be quick and must not block
     */
    EventStream events(Supplier<SseEvent> heartbeat);

    /**
     * Answers with a stream of another type, and otherwise like {@link #events(Supplier)}; what is sent is made by
     * {@link SseEvent#frame}. A sign of life comes every 5 seconds, or every ping interval when that is shorter.
     *
     * @param heartbeat what an idle stream gets
     */
    EventStream frames(ContentType type, SseEvent heartbeat);

    /**
     * Puts the request aside without holding a thread. It is taken up again once, on a new virtual thread, as soon as
     * this handler has returned and the first of these has happened: {@link Parked#signal()}, the time is over, the
     * server stops, the client is known to have gone.
     *
     * @param atMost up to 1 day
     * @param then answers, or parks again
     */
    Parked park(Duration atMost, Parked.Resume then);
}
