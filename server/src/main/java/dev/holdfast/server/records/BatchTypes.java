package dev.holdfast.server.records;

import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.HttpException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which format a batch comes in, and which one its reader wants. */
final class BatchTypes {
    private static final BatchFormat LINES = new LineBatch();
    private static final BatchFormat FRAMES = new FrameBatch();

    private BatchTypes() {}

    /** The format of the body of a request. */
    static BatchFormat sent(Exchange exchange) {
        String type = name(exchange.header("Content-Type").orElse(""));
        boolean plain =
                exchange.headers("Content-Encoding").stream().allMatch(coding -> coding.equalsIgnoreCase("identity"));
        return Optional.of(type)
                .filter(any -> plain)
                .flatMap(BatchTypes::of)
                .orElseThrow(() -> HttpException.of(
                        415,
                        "unsupported-media-type",
                        "a batch is " + LINES.type() + " or " + FRAMES.type() + " without a content encoding"));
    }

    /** The format of the answer: that of the highest quality, of equals the one named first. */
    static BatchFormat wanted(Exchange exchange) {
        List<String> headers = exchange.headers("Accept");
        if (headers.isEmpty()) {
            return LINES;
        }
        Optional<BatchFormat> best = Optional.empty();
        double highest = 0;
        for (String range : String.join(",", headers).split(",", -1)) {
            Optional<BatchFormat> format = matching(name(range));
            double quality = quality(range);
            if (format.isPresent() && quality > highest) {
                best = format;
                highest = quality;
            }
        }
        return best.orElseThrow(
                () -> HttpException.of(406, "not-acceptable", "a batch is " + LINES.type() + " or " + FRAMES.type()));
    }

    private static Optional<BatchFormat> matching(String range) {
        return range.equals("*/*") || range.equals("application/*") ? Optional.of(LINES) : of(range);
    }

    private static Optional<BatchFormat> of(String type) {
        return List.of(LINES, FRAMES).stream()
                .filter(format -> format.type().value().equals(type))
                .findFirst();
    }

    private static String name(String header) {
        int parameters = header.indexOf(';');
        return (parameters < 0 ? header : header.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static double quality(String range) {
        for (String parameter : range.split(";", -1)) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("q=")) {
                try {
                    return Double.parseDouble(text.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
