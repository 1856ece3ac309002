package dev.holdfast.cli.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.json.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadScannersTest {
    private final List<Long> found = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"32,0,1", "256,0,1", "32,1,1", "256,1,1", "100,7,7"})
    void everyMessageOfAContentBearsTheStamp(int size, int messages, int count) {
        LoadContent content = new LoadContent(size, messages);

        byte[] bytes = content.stamped(1_234_567_890_123L);
        new StampScanner(found::add).take(ByteBuffer.wrap(bytes));

        assertThat(found).hasSize(count).containsOnly(1_234_567_890_123L);
        assertThat(content.messages()).isEqualTo(count);
        assertThat(content.length()).isEqualTo(bytes.length);
        if (messages > 1) {
            assertThat(Json.parse(bytes))
                    .hasSize(count)
                    .allMatch(message -> Json.text(message).length() == size);
        } else {
            assertThat(bytes).hasSize(size);
        }
    }

    @Test
    void aMessageNeedsRoomForItsStamp() {
        assertThatThrownBy(() -> new LoadContent(31, 0)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void findsStampsAndTheLastOffsetOfAnEventStream(int piece) {
        EventScanner scanner = new EventScanner(found::add);
        String events = """
                event: data
                data:[{"m":"@0000000000000012xx"},{"m":"@0000000000000345xx"}]

                event: control
                data:{"streamNextOffset":"0_7","streamCursor":"9"}

                event: control
                data:{"stream""streamNextOffset":"0_8","upToDate":true}

                """;

        byte[] bytes = events.getBytes(ISO_8859_1);
        assertThat(scanner.offset()).isEmpty();
        for (int from = 0; from < bytes.length; from += piece) {
            scanner.take(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
        }

        assertThat(found).containsExactly(12L, 345L);
        assertThat(scanner.offset()).contains("0_8");
    }
}
