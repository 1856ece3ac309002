package dev.holdfast.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered.
 *
 * @param status of HTTP
 * @param headers of the answer
 * @param body all of it; empty when it is an event stream
 * @param events the body as it comes, of an event stream; the reader closes it
 */
record Answer(
        int status,
        HttpHeaders headers,
        byte[] body,
        @Nullable InputStream events) implements Closeable {
    /** A body that is there, or one that comes. */
    record Body(byte[] bytes, @Nullable InputStream events) {}

    /** Ends the body that comes, if it is one. */
    @Override
    public void close() throws IOException {
        if (events != null) {
            events.close();
        }
    }

    static Answer of(HttpResponse<Body> response) {
        return new Answer(
                response.statusCode(),
                response.headers(),
                response.body().bytes(),
                response.body().events());
    }

    /** Reads bodies to their end, but those of event streams, which have none. */
    static BodyHandler<Body> handler(int bytesMax) {
        return head -> head.statusCode() == 200
                        && Wire.media(Wire.text(head.headers(), Wire.CONTENT_TYPE))
                                .equals(Wire.EVENT_STREAM)
                ? BodySubscribers.mapping(BodySubscribers.ofInputStream(), events -> new Body(new byte[0], events))
                : BodySubscribers.mapping(new BoundedBody(bytesMax), bytes -> new Body(bytes, null));
    }

    /** A header, or an empty text. */
    String text(String name) {
        return Wire.text(headers, name);
    }

    boolean says(String name) {
        return Wire.says(headers, name);
    }
}
