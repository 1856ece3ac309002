package dev.holdfast.server.durablestreams;

import static dev.holdfast.server.durablestreams.StreamServer.JSON;
import static dev.holdfast.server.durablestreams.StreamServer.TEXT;
import static dev.holdfast.server.durablestreams.StreamServer.header;
import static dev.holdfast.server.durablestreams.StreamServer.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import dev.holdfast.stream.StreamRetention;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSnapshot;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams whose old content was removed. Section 4 of the Durable Streams protocol: retention. */
@Timeout(60)
class TrimmedStreamTest {
    private final StreamServer server = StreamServer.open();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void offsetsBeforeWhatIsLeftAreGoneAndMinusOneReadsTheRest() throws Exception {
        server.create("a", TEXT, "");
        String early = next(server.append("a", TEXT, "old"));
        server.append("a", TEXT, "new");
        String tail = next(server.append("a", TEXT, "er"));
        server.store().stream("a").retain(StreamRetention.all().units(4));
        StreamRoom.of(server.store().database()).sweep("default");

        for (String live : List.of("", "&live=long-poll", "&live=sse")) {
            assertThat(server.send("GET", "a?offset=" + early + live, "").statusCode())
                    .as(live)
                    .isEqualTo(410);
        }
        HttpResponse<String> left = server.get("a?offset=-1");
        assertThat(left.statusCode()).isEqualTo(200);
        assertThat(left.body()).isEqualTo("ewer");
        assertThat(next(left)).isEqualTo(tail);
        assertThat(server.send("HEAD", "a", "").statusCode()).isEqualTo(200);
        assertThat(server.send("PUT", "fork", "", "Stream-Forked-From", "/v1/stream/a", "Stream-Fork-Offset", early)
                        .statusCode())
                .isEqualTo(410);
        assertThat(next(server.append("a", TEXT, "!"))).isGreaterThan(tail);
    }

    @Test
    void aNewReaderOfACompactedStateBeginsAtItsSnapshot() throws Exception {
        server.create("state", JSON, "");
        for (int i = 0; i < 5; i++) {
            server.append(
                    "state",
                    JSON,
                    "{\"type\":\"t\",\"key\":\"k\",\"value\":{\"n\":" + i
                            + "},\"headers\":{\"operation\":\"upsert\"}}");
        }

        StreamSnapshot made = server.store().stream("state").compact(Duration.ZERO);
        StreamRoom.of(server.store().database()).sweep("default");

        assertThat(made.rows()).isEqualTo(1);
        var messages = Json.parse(server.get("state?offset=-1").body());
        assertThat(messages).hasSize(3);
        assertThat(messages.get(0).at("/headers/control").asString()).isEqualTo("snapshot-start");
        assertThat(messages.get(1).at("/value/n").asInt()).isEqualTo(4);
        assertThat(messages.get(2).at("/headers/control").asString()).isEqualTo("snapshot-end");
        assertThat(header(server.get("state?offset=-1"), "Stream-Up-To-Date")).isEqualTo("true");
    }
}
