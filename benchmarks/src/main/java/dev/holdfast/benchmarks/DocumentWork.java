package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.Document;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.IntStream;

/** Finding documents by an indexed field among 100,000: one of them by its mail address, ten by their group. */
final class DocumentWork {
    private static final int DOCUMENTS = 100_000;
    private static final int BATCH = 1_000;
    private static final int GROUPS = DOCUMENTS / 10;
    private static final int FINDS = 100_000;
    /** How often everything is done before it is measured: until the compiler has finished. */
    private static final int WARM = 1;

    private static final String ID = "person-%06d";

    private DocumentWork() {}

    static Outcome store(Path folder, double scale, String field) throws Exception {
        try (Holdfast holdfast = Holdfast.open(folder.resolve("store.db"))) {
            Collection people = holdfast.collection("people");
            people.createIndex(DocumentIndex.on("mail", "mail"));
            people.createIndex(DocumentIndex.on("group", "group"));
            for (int from = 0; from < DOCUMENTS; from += BATCH) {
                people.insertMany(IntStream.range(from, from + BATCH)
                        .mapToObj(DocumentWork::person)
                        .toList());
            }
            String plan = people.explain(DocumentQuery.where(Map.of(field, value(field, 1))));
            if (!plan.contains("index " + field)) {
                throw new IllegalStateException("a find does not use its index: " + plan);
            }
            return finds(scale, field, number -> {
                long bytes = 0;
                for (Document found : people.find(Map.of(field, value(field, number)))) {
                    bytes += found.id().length();
                }
                return bytes;
            });
        }
    }

    /** The same documents as JSON text, with an index on what SQLite extracts from it. */
    static Outcome raw(Path folder, double scale, String field) throws Exception {
        try (Connection connection = RawSqlite.open(folder.resolve("raw.db"))) {
            fill(connection);
            try (PreparedStatement find = connection.prepareStatement(
                    "select id, body from people where json_extract(body, '$." + field + "') = ?")) {
                return finds(scale, field, number -> found(find, value(field, number)));
            }
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table people (id text primary key, body text not null) without rowid");
            statement.execute("create index mail on people (json_extract(body, '$.mail'))");
            statement.execute("create index groups on people (json_extract(body, '$.group'))");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("insert into people values (?, ?)")) {
            for (int i = 0; i < DOCUMENTS; i++) {
                insert.setString(1, ID.formatted(i));
                insert.setString(
                        2,
                        "{\"id\":\"%s\",\"name\":\"Person %d\",\"mail\":\"%s\",\"group\":%d,\"note\":\"%s\"}"
                                .formatted(ID.formatted(i), i, value("mail", i), i % GROUPS, note(i)));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static long found(PreparedStatement find, Object value) throws SQLException {
        find.setObject(1, value);
        long bytes = 0;
        try (ResultSet rows = find.executeQuery()) {
            while (rows.next()) {
                rows.getBytes(2);
                bytes += rows.getString(1).length();
            }
        }
        return bytes;
    }

    private static Outcome finds(double scale, String field, Find find) throws Exception {
        int[] numbers = Rows.random((int) (FINDS * scale), DOCUMENTS);
        long bytes = 0;
        for (int i = 0; i < numbers.length * WARM; i++) {
            find.by(numbers[i % numbers.length]);
        }
        Window window = Window.open();
        for (int number : numbers) {
            bytes += find.by(number);
        }
        return window.close(numbers.length).checked(bytes + " bytes of ids, by " + field);
    }

    private static Map<String, Object> person(int number) {
        return Map.of(
                "id",
                ID.formatted(number),
                "name",
                "Person " + number,
                "mail",
                value("mail", number),
                "group",
                number % GROUPS,
                "note",
                note(number));
    }

    private static Object value(String field, int number) {
        return field.equals("mail") ? "person" + number + "@example.org" : (Object) (number % GROUPS);
    }

    private static String note(int number) {
        return new String(Rows.value(number, 0), 0, 60, StandardCharsets.ISO_8859_1).replaceAll("[^a-z]", "x");
    }

    /** Finds by a number and answers a sum over what it found. */
    @FunctionalInterface
    private interface Find {
        long by(int number) throws Exception;
    }
}
