package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseEventTest {
    private static String text(SseEvent event) {
        return UTF_8.decode(event.buffer()).toString();
    }

    @Test
    void hasNameDataAndId() {
        assertThat(text(SseEvent.of("change", "{\"a\":1}"))).isEqualTo("event: change\ndata: {\"a\":1}\n\n");
        assertThat(text(SseEvent.of("change", "x", "7"))).isEqualTo("event: change\nid: 7\ndata: x\n\n");
        assertThat(text(SseEvent.of("", "x"))).isEqualTo("data: x\n\n");
        assertThat(text(SseEvent.of("ping", ""))).isEqualTo("event: ping\ndata: \n\n");
        assertThat(text(SseEvent.of("é", "ü"))).isEqualTo("event: é\ndata: ü\n\n");
    }

    @Test
    void splitsDataAtEveryKindOfLineEnd() {
        String lines = "a\nb\r\nc\rd\n\re\n";

        assertThat(text(SseEvent.of("", lines)))
                .isEqualTo("data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n");
        assertThat(text(SseEvent.of("", "x\n\nevent: forged\ndata: y")))
                .isEqualTo("data: x\ndata: \ndata: event: forged\ndata: data: y\n\n");
        assertThat(text(SseEvent.of("", "\r\n"))).isEqualTo("data: \ndata: \n\n");
    }

    @Test
    void tightEventsHaveNoBlankBeforeTheirData() {
        assertThat(text(SseEvent.tight("data", "[1]\n[2]".getBytes(UTF_8))))
                .isEqualTo("event: data\ndata:[1]\ndata:[2]\n\n");
    }

    @Test
    void aBlankThatAReaderWouldTakeAwayIsWrittenTwice() {
        assertThat(text(SseEvent.tight("", " a\n  b\nc ".getBytes(UTF_8))))
                .isEqualTo("data:  a\ndata:   b\ndata:c \n\n");
    }

    @Test
    void namesIdsAndCommentsAreOneLine() {
        assertThatThrownBy(() -> SseEvent.of("a\nb", "x")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> SseEvent.of("a", "x", "1\r2")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> SseEvent.of("a", "x", "1\0002")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> SseEvent.comment("a\n\ndata: b")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void joinsEventsForOneWrite() {
        SseEvent both = SseEvent.of("a", "1").and(SseEvent.comment("c"));

        assertThat(text(both)).isEqualTo("event: a\ndata: 1\n\n: c\n\n");
        assertThat(both.size()).isEqualTo(text(both).length());
    }

    /** What the HTML standard makes of the bytes is what was put in, whatever the text. */
    @Test
    void aReaderGetsBackWhatWasSent() {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String data = random.ints(random.nextInt(30), 0, 8)
                    .mapToObj(c -> List.of("\n", "\r", ":", " ", "data", "é", "x", "\n\n")
                            .get(c))
                    .reduce("", String::concat);
            String name = List.of("", "change", "a b").get(random.nextInt(3));

            List<String> received = read(text(SseEvent.of(name, data)) + text(SseEvent.tight(name, bytes(data))));

            String lines = data.replace("\r\n", "\n").replace('\r', '\n');
            assertThat(received).as("seed %d", seed).hasSize(2).first().isEqualTo(name + "|" + lines);
            assertThat(received.get(1)).as("seed %d", seed).isEqualTo(name + "|" + lines);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The parser of the standard, for names and data: "name|data" per event. */
    private static List<String> read(String stream) {
        List<String> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        String name = "";
        for (String line : stream.split("\r\n|\n|\r", -1)) {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (line.isEmpty() && !data.isEmpty()) {
                events.add(name + "|" + data.substring(0, data.length() - 1));
                data.setLength(0);
                name = "";
            } else if (line.startsWith("data:")) {
                data.append(value).append('\n');
            } else if (line.startsWith("event:")) {
                name = value;
            }
        }
        return events;
    }
}
