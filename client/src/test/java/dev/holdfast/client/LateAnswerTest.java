package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers for which nobody waits any more. */
class LateAnswerTest {
    /** It may come between the end of the time and the end of the request. */
    @Test
    void anEventStreamThatComesTooLateIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        InputStream events = new ByteArrayInputStream(new byte[1]) {
            @Override
            public void close() throws IOException {
                closed.incrementAndGet();
                throw new IOException("of a test");
            }
        };
        Answer answer = new Answer(200, HttpHeaders.of(Map.of(), (name, value) -> true), new byte[0], events);
        TimeoutException late = new TimeoutException();

        Transport.discard(CompletableFuture.completedFuture(answer), Thread.currentThread(), late);

        assertThat(closed).hasValue(1);
        assertThat(late.getSuppressed()).hasSize(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
