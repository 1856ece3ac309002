package dev.holdfast.server.http;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;

/**
 * What one client may ask of the server. Each limit has the answer that a client gets beyond it.
 *
 * @param bodyBytes largest request body, 1 byte to 2 GiB - 1; beyond it 413
 * @param urlBytes longest path with its query, 1 KiB to {@code headerBytes}; beyond it 414
 * @param headerBytes largest request line or header section, 1 KiB to 1 MiB; beyond it 431
 * @param connections connections open at once, at least 1; requests on further ones are answered 429
 * @param jsonDepth levels of arrays and objects in a JSON body, 1 to {@value Json#DEPTH_MAX}; beyond it 400
 * @param streamBytes bytes waiting for one reader of an event stream, at least 1 KiB; beyond it events are not taken
 * @param requestsPerSecond requests of one caller - a token, or an address without one - in a second, and at once after
 *     a pause; 0 for any number; further ones are answered 429. So many requests of an address may be answered 401
 */
public record HttpLimits(
        int bodyBytes,
        int urlBytes,
        int headerBytes,
        int connections,
        int jsonDepth,
        int streamBytes,
        int requestsPerSecond) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** Checks every range. */
    public HttpLimits {
        range("bodyBytes", bodyBytes, 1, Integer.MAX_VALUE);
        range("headerBytes", headerBytes, KIB, MIB);
        range("urlBytes", urlBytes, KIB, headerBytes);
        range("connections", connections, 1, Integer.MAX_VALUE);
        range("jsonDepth", jsonDepth, 1, Json.DEPTH_MAX);
        range("streamBytes", streamBytes, KIB, Integer.MAX_VALUE);
        range("requestsPerSecond", requestsPerSecond, 0, Integer.MAX_VALUE);
    }

    /**
     * Bodies of 16 MiB, URLs and headers of 32 KiB, 20,000 connections, JSON of 256 levels, 1 MiB waiting for a
     * stream's reader, requests as often as they come.
     */
    public static HttpLimits defaults() {
        return new HttpLimits(16 * MIB, 32 * KIB, 32 * KIB, 20_000, Json.DEPTH_MAX, MIB, 0);
    }

    /** These limits with another largest body. */
    public HttpLimits withBodyBytes(int bytes) {
        return new HttpLimits(bytes, urlBytes, headerBytes, connections, jsonDepth, streamBytes, requestsPerSecond);
    }

    /** These limits with another longest URL. */
    public HttpLimits withUrlBytes(int bytes) {
        return new HttpLimits(bodyBytes, bytes, headerBytes, connections, jsonDepth, streamBytes, requestsPerSecond);
    }

    /** These limits with another largest request line and header section, and URLs as long as these allow. */
    public HttpLimits withHeaderBytes(int bytes) {
        return new HttpLimits(bodyBytes, bytes, bytes, connections, jsonDepth, streamBytes, requestsPerSecond);
    }

    /** These limits with another number of connections. */
    public HttpLimits withConnections(int count) {
        return new HttpLimits(bodyBytes, urlBytes, headerBytes, count, jsonDepth, streamBytes, requestsPerSecond);
    }

    /** These limits with another depth of JSON bodies. */
    public HttpLimits withJsonDepth(int levels) {
        return new HttpLimits(bodyBytes, urlBytes, headerBytes, connections, levels, streamBytes, requestsPerSecond);
    }

    /** These limits with another number of bytes that may wait for a stream's reader. */
    public HttpLimits withStreamBytes(int bytes) {
        return new HttpLimits(bodyBytes, urlBytes, headerBytes, connections, jsonDepth, bytes, requestsPerSecond);
    }

    /** These limits with another number of requests of one caller in a second; 0 for any. */
    public HttpLimits withRequestsPerSecond(int count) {
        return new HttpLimits(bodyBytes, urlBytes, headerBytes, connections, jsonDepth, streamBytes, count);
    }

    private static void range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "http.limit_out_of_range",
                    "a limit is out of its range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
