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
    void whatALookHasFoundOfSeveralAppendsIsNotKeptOnceMore() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            Session session = holdfast.database().session("default");
            holdfast.stream("a").create(StreamSpec.bytes());
            StreamRow row = row(session);
            AtomicLong held = new AtomicLong();
            LiveStream live = new LiveStream(session, new StreamHub.Place(1, row.id()), row, held);
            live.add(new StreamHub.LiveFollower((StoredStream) DurableStream.in(session, "a"), live, () -> {}));
            holdfast.stream("a").append("123".getBytes(UTF_8));
            StreamRow after = row(session);

            live.found(after, holdfast.stream("a").read(0, 10));
            long once = held.get();
            live.appended(1, StreamContent.bytes("2".getBytes(UTF_8)), after.at(2));
            live.appended(2, StreamContent.bytes("3".getBytes(UTF_8)), after);

            assertThat(held).hasValue(once);
            live.appended(3, StreamContent.bytes("4".getBytes(UTF_8)), after.at(4));
            assertThat(live.from(0, 10))
                    .isNotNull()
                    .satisfies(chunk -> assertThat(chunk.next()).isEqualTo(4));
        }
    }

    private static StreamRow row(Session session) {
        return session.read(
                tx -> StreamRoom.of(tx.database()).sql().find(tx, tx.ns(), "a").orElseThrow());
    }

    @Test
    void whatOneReaderFindsNewInTheDatabaseIsToldToTheOthers() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            Session session = holdfast.database().session("default");
            holdfast.stream("a").create(StreamSpec.json());
            StreamRow row = row(session);
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
