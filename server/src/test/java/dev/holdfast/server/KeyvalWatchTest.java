package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.server.http.HttpServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the event stream of the KeyVal interface tells a reader that is slower than what happens. */
@Timeout(60)
class KeyvalWatchTest {
    private final ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void presentEntriesOfManyBytesAllArriveAndChangesAfterThem() throws Exception {
        String large = "x".repeat(3 << 20);
        IntStream.range(0, 8).forEach(i -> served.store().kv().set(Key.of("large", i), large));

        try (BufferedReader events = watch("/watch/prefix?prefix=large")) {
            served.store().kv().set(Key.of("large", "last"), 1);

            assertThat(told(events, 9)).contains("[\"large\",0]", "[\"large\",7]", "[\"large\",\"last\"]");
        }
    }

    @Test
    void oneCommitOfManyEntriesIsToldWhole() throws Exception {
        try (BufferedReader events = watch("/watch/prefix?prefix=many&initial=false")) {
            KvAtomic commit = served.store().kv().atomic();
            IntStream.range(0, 900).forEach(i -> commit.set(Key.of("many", i), "x".repeat(20_000)));
            commit.commit();

            assertThat(told(events, 900)).contains("[\"many\",0]", "[\"many\",899]");
        }
    }

    private BufferedReader watch(String path) throws IOException, InterruptedException {
        return new BufferedReader(
                new InputStreamReader(served.open(ServedStore.ADMIN, "/keyval/api" + path), StandardCharsets.UTF_8));
    }

    /** Reads until so many keys were told. */
    private static Set<String> told(BufferedReader events, int keys) throws IOException {
        Set<String> told = new HashSet<>();
        while (told.size() < keys) {
            String line = events.readLine();
            assertThat(line)
                    .as("the stream goes on, after %s keys", told.size())
                    .isNotNull();
            if (line.startsWith("data: [")) {
                Json.parse(line.substring(6))
                        .forEach(entry -> told.add(entry.path("key").toString()));
            }
        }
        return told;
    }
}
