package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for event streams of the HTML standard, as far as the protocol uses them. */
class SseParserTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void linesEndInThreeWays(String end) throws IOException {
        String text = String.join(end, "event: data", "data:a", "data:b", "", "event: control", "data:{}", "", "");

        assertThat(events(text))
                .containsExactly(new SseParser.Event("data", "a\nb"), new SseParser.Event("control", "{}"));
    }

    @Test
    void endsOfLinesMayBeCutByTheNetwork() throws IOException {
        String text = "event: data\r\ndata:a\r\n\r\nevent: data\r\ndata:b\r\n\r\n";

        for (int size = 1; size < text.length(); size++) {
            assertThat(events(new Dripping(text.getBytes(UTF_8), size)))
                    .as("%d bytes at a time", size)
                    .containsExactly(new SseParser.Event("data", "a"), new SseParser.Event("data", "b"));
        }
    }

    @Test
    void charactersMayBeCutByTheNetwork() throws IOException {
        byte[] text = "data:\u00e4\ud83d\ude00\u2028\n\n".getBytes(UTF_8);

        for (int size = 1; size < text.length; size++) {
            assertThat(events(new Dripping(text, size)))
                    .as("%d bytes at a time", size)
                    .containsExactly(new SseParser.Event("message", "\u00e4\ud83d\ude00\u2028"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u2028", "\u2029", "\f", "\u000b", "\u001c"})
    void noOtherCharacterEndsALine(String other) throws IOException {
        assertThat(events("data:a" + other + "b\n\n"))
                .containsExactly(new SseParser.Event("message", "a" + other + "b"));
    }

    @Test
    void cutsOneLeadingBlankOfAField() throws IOException {
        assertThat(events("data:  two\n\n")).containsExactly(new SseParser.Event("message", " two"));
        assertThat(events("data: one \n\n")).containsExactly(new SseParser.Event("message", "one "));
        assertThat(events("data:\tnone\n\n")).containsExactly(new SseParser.Event("message", "\tnone"));
    }

    @Test
    void skipsCommentsUnknownFieldsAndEmptyLines() throws IOException {
        assertThat(events(": ping\n\n\nid: 7\nretry: 5\nfoo\ndata:a:b\n\n"))
                .containsExactly(new SseParser.Event("message", "a:b"));
    }

    @Test
    void anEventMayHaveNoData() throws IOException {
        assertThat(events("event: data\ndata:\n\nevent: data\ndata\n\n"))
                .containsExactly(new SseParser.Event("data", ""), new SseParser.Event("data", ""));
    }

    @Test
    void whatIsNotCompleteIsNoEvent() throws IOException {
        assertThat(events("event: data\ndata:a\n")).isEmpty();
        assertThat(events("event: data\ndata:a")).isEmpty();
        assertThat(events("")).isEmpty();
    }

    @Test
    void skipsTheMarkOfByteOrder() throws IOException {
        assertThat(events("\ufeffdata:a\n\ndata:\ufeffb\n\n"))
                .containsExactly(new SseParser.Event("message", "a"), new SseParser.Event("message", "\ufeffb"));
    }

    @Test
    void eventsMayBeLargerThanTheBuffer() throws IOException {
        String large = "x".repeat(100_000);

        assertThat(events("data:" + large + "\n\n")).containsExactly(new SseParser.Event("message", large));
    }

    private static List<SseParser.Event> events(String text) throws IOException {
        return events(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    private static List<SseParser.Event> events(InputStream in) throws IOException {
        SseParser parser = new SseParser(in, 1 << 20);
        List<SseParser.Event> events = new ArrayList<>();
        SseParser.Event event = parser.next();
        while (event != null) {
            events.add(event);
            event = parser.next();
        }
        return events;
    }

    /** Hands out so many bytes at a time. */
    private static final class Dripping extends ByteArrayInputStream {
        private final int size;

        Dripping(byte[] bytes, int size) {
            super(bytes);
            this.size = size;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, size));
        }
    }
}
