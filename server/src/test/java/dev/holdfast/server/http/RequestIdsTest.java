package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
    @Test
    void aClientsOwnIdIsKept() {
        for (String id : List.of("a", "0", "A.b_c-9", "x".repeat(64), "550e8400-e29b-41d4-a716-446655440000")) {
            assertThat(RequestIds.of(id)).isEqualTo(id);
        }
    }

    @Test
    void whatCouldDisturbALogIsReplaced() {
        for (String id : List.of("", " ", "a b", "a\nb", "<b>", "ä", "a/b", "a;b", "a\"b", "x".repeat(65), "\u0000")) {
            assertThat(RequestIds.of(id)).as(id).matches("[0-9a-f]{16}");
        }
        assertThat(RequestIds.of(null)).matches("[0-9a-f]{16}");
    }

    @Test
    void idsDiffer() {
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> RequestIds.of(null)).distinct())
                .hasSize(10_000);
    }
}
