package dev.holdfast.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Session;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
    @Test
    void whatOneReaderFindsNewInTheDatabaseIsToldToTheOthers() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            Session session = holdfast.database().session("default");
            holdfast.stream("a").create(StreamSpec.json());
            StreamRow row = session.read(tx ->
                    StreamRoom.of(tx.database()).sql().find(tx, tx.ns(), "a").orElseThrow());
            LiveStream live = new LiveStream(session, new StreamHub.Place(1, row.id()), row, new AtomicLong());
            AtomicInteger woken = new AtomicInteger();
            live.add(new StreamHub.LiveFollower(
                    (StoredStream) DurableStream.in(session, "a"), live, woken::incrementAndGet));
            holdfast.stream("a").append("[1,2]".getBytes(UTF_8));
            StreamInfo newer = holdfast.stream("a").head();

            live.seen(newer);
            live.seen(newer);
            assertThat(woken).hasValue(1);

            holdfast.stream("a").close();
            live.seen(holdfast.stream("a").head());
            live.seen(newer);
            assertThat(woken).hasValue(2);
        }
    }
}
