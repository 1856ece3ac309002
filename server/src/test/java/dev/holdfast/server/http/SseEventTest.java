package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
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
}
