package dev.holdfast.server.http;

/** Answers one request. Runs on a virtual thread of the request's own and may block. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers through the exchange, or opens an event stream, or parks. Returning without any of them is a fault (500).
     *
     * @throws Exception whatever went wrong; it becomes an answer in the mount's error shape, or cuts an answer that
     *     has begun
     */
    void handle(Exchange exchange) throws Exception;
}
