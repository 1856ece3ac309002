package dev.holdfast.server.durablestreams;

import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpException;
import dev.holdfast.stream.ProducerStamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Headers of requests that have a form of their own. */
final class RequestHeaders {
    private static final String IDENTITY = "identity";
    private static final Pattern MEDIA_TYPE = Pattern.compile("[\\w-]+/[\\w-]+");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern DIGITS = Pattern.compile("0*+([0-9]{0,18}+)");

    private RequestHeaders() {}

    /** What the body is said to be; empty also when it is nothing that can be a media type. */
    static Optional<String> contentType(Exchange exchange) {
        return exchange.header(WireHeaders.CONTENT_TYPE)
                .filter(type -> MEDIA_TYPE.matcher(type).lookingAt());
    }

    /**
     * The content that a request stores, as it came. What is packed is refused: it would be stored packed, and given
     * back as something that its type says it is not.
     */
    static byte[] content(Exchange exchange) throws IOException {
        for (String coding : exchange.headers(WireHeaders.CONTENT_ENCODING)) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase(IDENTITY)) {
                throw HttpException.of(
                                415,
                                "stream.content_encoding",
                                "content is stored as it comes, and packed content is not taken"
                                        + " (Content-Encoding is not identity)")
                        .withHeader("Accept-Encoding", IDENTITY);
            }
        }
        return exchange.body();
    }

    /** Who appends; three headers or none. */
    static Optional<ProducerStamp> producer(Exchange exchange) {
        Optional<String> id = only(exchange, WireHeaders.PRODUCER_ID);
        Optional<String> epoch = only(exchange, WireHeaders.PRODUCER_EPOCH);
        Optional<String> seq = only(exchange, WireHeaders.PRODUCER_SEQ);
        if (id.isEmpty() && epoch.isEmpty() && seq.isEmpty()) {
            return Optional.empty();
        }
        if (id.isEmpty() || epoch.isEmpty() || seq.isEmpty()) {
            throw Refusals.malformed("Producer-Id, Producer-Epoch and Producer-Seq belong together");
        }
        return Optional.of(new ProducerStamp(
                id.get(),
                digits(WireHeaders.PRODUCER_EPOCH, epoch.get()),
                digits(WireHeaders.PRODUCER_SEQ, seq.get())));
    }

    /** A whole number as it is printed, without zeros in front; empty when the header is missing. */
    static OptionalLong number(Exchange exchange, String header) {
        Optional<String> value = only(exchange, header);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!NUMBER.matcher(value.get()).matches()) {
            throw Refusals.malformed(header + " must be a whole number, 0 or more, without leading zeros");
        }
        return OptionalLong.of(Long.parseLong(value.get()));
    }

    /** A header that may come once: of two, nobody could say which one is meant. */
    static Optional<String> only(Exchange exchange, String header) {
        List<String> values = exchange.headers(header);
        if (values.size() > 1) {
            throw Refusals.malformed(header + " may come once, and came " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    private static long digits(String header, String value) {
        var form = DIGITS.matcher(value);
        if (value.isEmpty() || !form.matches()) {
            throw Refusals.malformed(header + " must be a whole number, 0 to " + ProducerStamp.NUMBER_MAX);
        }
        return form.group(1).isEmpty() ? 0 : Long.parseLong(form.group(1));
    }
}
