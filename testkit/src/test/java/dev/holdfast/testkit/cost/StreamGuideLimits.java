package dev.holdfast.testkit.cost;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamLimits;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The limits of the page on streams. */
final class StreamGuideLimits {
    private StreamGuideLimits() {}

    static Limits all() {
        StreamLimits limits = StreamLimits.defaults();
        return texts(new Limits())
                .refused("bytes of one append", limits.appendBytesMax(), at -> {
                    at.stream("bytes").create(StreamSpec.bytes());
                    at.stream("bytes").append(new byte[limits.appendBytesMax() + 1]);
                })
                .refused(
                        "messages of one append",
                        limits.appendMessagesMax(),
                        at -> appendJson(at, "[" + "1,".repeat(limits.appendMessagesMax()) + "1]"))
                .refused(
                        "seconds of a `ttl`",
                        StreamLimits.TTL_SECONDS_MAX,
                        at -> StreamSpec.bytes().ttl(Duration.ofSeconds(StreamLimits.TTL_SECONDS_MAX + 1)))
                .refused(
                        "levels of nesting in JSON",
                        Limits.hidden("stream.JsonMessages", "DEPTH_MAX"),
                        at -> appendJson(at, "[".repeat(Json.DEPTH_MAX + 2) + "]".repeat(Json.DEPTH_MAX + 2)))
                .refused(
                        "bytes of a state that `compact` appends",
                        StreamLimits.SNAPSHOT_BYTES_MAX,
                        StreamGuideLimits::compactTooMuch)
                .soft("streams of a page of `list`", Streams.PAGE_MAX)
                .soft(
                        "bytes of a stream that its followers share in memory",
                        Limits.hidden("stream.LiveStream", "BYTES_MAX"))
                .soft(
                        "bytes of all streams that followers share in memory",
                        Limits.hidden("stream.LiveStream", "TOTAL_BYTES_MAX"))
                .soft("appends that one statement reads", Limits.hidden("stream.StreamDataSql", "ROWS_MAX"));
    }

    private static Limits texts(Limits limits) {
        return limits.refused(
                        "bytes of a name in UTF-8",
                        StreamLimits.NAME_BYTES_MAX,
                        at -> at.stream("a".repeat(StreamLimits.NAME_BYTES_MAX + 1)))
                .refused(
                        "bytes of a content type",
                        StreamLimits.CONTENT_TYPE_BYTES_MAX,
                        at -> StreamSpec.of("a".repeat(StreamLimits.CONTENT_TYPE_BYTES_MAX + 1)))
                .refused(
                        "bytes of a producer's id in UTF-8",
                        StreamLimits.PRODUCER_BYTES_MAX,
                        at -> new ProducerStamp("a".repeat(StreamLimits.PRODUCER_BYTES_MAX + 1), 0, 0))
                .refused(
                        "bytes of a sequence in UTF-8",
                        StreamLimits.SEQUENCE_BYTES_MAX,
                        at -> StreamAppend.closing().sequence("a".repeat(StreamLimits.SEQUENCE_BYTES_MAX + 1)));
    }

    private static void compactTooMuch(Holdfast at) {
        at.stream("state").create(StreamSpec.json());
        String value = "x".repeat(8 << 20);
        for (int i = 0; i < 8; i++) {
            String event = "{\"type\":\"t\",\"key\":\"" + i + "\",\"value\":\"" + value
                    + "\",\"headers\":{\"operation\":\"insert\"}}";
            at.stream("state").append(event.getBytes(StandardCharsets.US_ASCII));
        }
        at.stream("state").compact(Duration.ZERO);
    }

    private static void appendJson(Holdfast at, String text) {
        at.stream("json").create(StreamSpec.json());
        at.stream("json").append(text.getBytes(StandardCharsets.US_ASCII));
    }
}
