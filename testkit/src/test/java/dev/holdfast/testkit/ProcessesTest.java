package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.SchemaException;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvWatchOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes, real ones, on one database. */
class ProcessesTest {
    private static final int WRITES = 40;
    private static final Key SUM = Key.of("sum");

    @Nested
    class OnSqlite extends Processes {
        @TempDir
        Path folder;

        @Override
        String database() {
            return folder.resolve("shared.db").toString();
        }
    }

    @Nested
    class OnPostgres extends Processes {
        private final String url = PostgresServer.shared().freshDatabase();

        @Override
        String database() {
            return url;
        }

        @AfterEach
        void drop() {
            PostgresServer.shared().drop(url);
        }
    }

    /** What holds on every database that processes can share. */
    @Timeout(120)
    abstract static class Processes {
        abstract String database();

        @Test
        void severalThatStartAtOnceOnAnEmptyDatabaseAllWorkAndLoseNothing() {
            List<ChildJvm> children = IntStream.range(0, 3)
                    .mapToObj(number -> ChildJvm.start(Child.class, database(), "write", "p" + number))
                    .toList();
            children.forEach(ChildJvm::awaitSuccess);

            try (Holdfast holdfast = Holdfast.open(database())) {
                assertThat(holdfast.kv().as(Long.class).get(SUM)).contains(3L * WRITES);
                assertThat(holdfast.kv().count(KeyPrefix.of(Key.of("written")))).isEqualTo(3L * WRITES);
                assertThat(holdfast.collection("notes").count()).isEqualTo(3L * WRITES);
            }
        }

        @Test
        void whatOneRemembersIsForgottenWhenAnotherChangesIt() {
            try (Holdfast holdfast = Holdfast.open(database())) {
                holdfast.collection("notes").insert(Map.of("id", "a", "color", "red"));

                ChildJvm.start(Child.class, database(), "index").awaitSuccess();

                assertThatThrownBy(() -> holdfast.collection("notes").insert(Map.of("id", "b", "color", "red")))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("collection.unique");
                holdfast.collection("notes").insert(Map.of("id", "c", "color", "blue"));
                assertThat(holdfast.collection("notes").find(Map.of("color", "blue")))
                        .hasSize(1);

                ChildJvm.start(Child.class, database(), "drop").awaitSuccess();

                assertThat(holdfast.collection("notes").get("a")).isEmpty();
                holdfast.collection("notes").insertMany(List.of(Map.of("color", "red"), Map.of("color", "red")));
                assertThat(holdfast.collection("notes").indexes()).isEmpty();
            }
        }

        @Test
        void aWatchSeesEveryKeyThatAnotherWrites() {
            Set<Key> seen = ConcurrentHashMap.newKeySet();
            Set<Key> all = IntStream.range(0, WRITES)
                    .mapToObj(i -> Key.of("written", "p", i))
                    .collect(Collectors.toSet());
            try (Holdfast holdfast = Holdfast.open(database())) {
                holdfast.kv()
                        .watch(
                                KvWatchOptions.prefixes(KeyPrefix.of(Key.of("written"))),
                                event -> event.updates().forEach(update -> seen.add(update.key())));

                ChildJvm.start(Child.class, database(), "write", "p").awaitSuccess();

                await().atMost(Duration.ofSeconds(20)).until(() -> seen.equals(all));
            }
        }

        @Test
        void aProgramOlderThanTheTablesRefusesThem() {
            try (Holdfast holdfast = Holdfast.open(database())) {
                holdfast.database()
                        .engine()
                        .write(unit -> unit.exec("insert into holdfast_migrations"
                                + " (room, number, name, checksum, applied_at)"
                                + " values ('kv', 999, '999_later', 'x', 0)"));
            }

            assertThatThrownBy(() -> Holdfast.open(database()).close())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("schema.newer");
        }
    }

    /** The other process. */
    static final class Child {
        private Child() {}

        /** Does one thing to a database and ends. */
        public static void main(String[] args) {
            try (Holdfast holdfast = Holdfast.open(args[0])) {
                switch (args[1]) {
                    case "write" -> write(holdfast, args[2]);
                    case "index" ->
                        holdfast.collection("notes")
                                .createIndex(
                                        DocumentIndex.on("by_color", "color").asUnique());
                    case "drop" -> holdfast.collection("notes").drop();
                    default -> throw new IllegalArgumentException(args[1]);
                }
            }
        }

        private static void write(Holdfast holdfast, String name) {
            for (int i = 0; i < WRITES; i++) {
                int number = i;
                holdfast.kv().set(Key.of("written", name, number), number);
                holdfast.kv().atomic().sum(SUM, 1).commit();
                holdfast.transaction(tx -> tx.collection("notes").insert(Map.of("by", name, "number", number)));
            }
        }
    }
}
