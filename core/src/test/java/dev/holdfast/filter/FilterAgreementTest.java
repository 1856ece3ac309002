package dev.holdfast.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Dialect;
import dev.holdfast.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Random filters over random documents: memory, SQLite, PostgreSQL and the rules read naively say the same. */
class FilterAgreementTest {
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121L);
    private static final int DOCUMENTS = 100;
    private static final int FILTERS = 250;

    /** Ten times other documents and other filters: 2,500 filters over 1,000 documents. */
    private static final List<Round> ROUNDS =
            Stream.iterate(SEED, seed -> seed + 1).limit(10).map(Round::of).toList();

    private static PostgresServer server;

    private record Round(long seed, List<JsonNode> documents, List<JsonNode> wheres) {
        static Round of(long seed) {
            RandomWhere random = new RandomWhere(new SplittableRandom(seed));
            // As they come back from a store: written and read again.
            List<JsonNode> documents = Stream.generate(random::document)
                    .map(document -> Json.parse(Json.bytes(document)))
                    .limit(DOCUMENTS)
                    .toList();
            List<JsonNode> wheres = Stream.generate(() -> (JsonNode) random.where(3))
                    .limit(FILTERS)
                    .toList();
            return new Round(seed, documents, wheres);
        }

        String about(JsonNode where) {
            return "holdfast.seed=" + seed + ", where " + Json.text(where);
        }
    }

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void memoryAgreesWithTheRulesReadNaively() {
        int matches = 0;
        for (Round round : ROUNDS) {
            List<JsonNode> documents = round.documents().subList(0, DOCUMENTS / 2); // the naive way is slow
            for (JsonNode where : round.wheres()) {
                Predicate<JsonNode> filter = Filter.parse(where, Instant.EPOCH).predicate();
                for (JsonNode document : documents) {
                    boolean matching = NaiveWhere.matches(where, document);

                    assertThat(filter.test(document))
                            .as(() -> round.about(where) + ", document " + Json.text(document))
                            .isEqualTo(matching);
                    matches += matching ? 1 : 0;
                }
            }
        }
        assertThat(matches).as("the random filters have something to find").isGreaterThan(12_000);
    }

    @Test
    void sqliteFindsEveryMatchAndRaisesNoError() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            findsEveryMatch(Dialect.SQLITE, connection);
        }
    }

    @Test
    void postgresFindsEveryMatchAndRaisesNoError() throws SQLException {
        try (Connection connection = server.connect()) {
            findsEveryMatch(Dialect.POSTGRES, connection);
        }
    }

    private static void findsEveryMatch(Dialect dialect, Connection connection) throws SQLException {
        for (Round round : ROUNDS) {
            DocumentTable table = new DocumentTable(dialect, connection, round.documents());
            for (JsonNode where : round.wheres()) {
                Filter filter = Filter.parse(where, Instant.EPOCH);

                BitSet missed = DocumentTable.matching(filter, round.documents());
                missed.andNot(table.found(filter));

                assertThat(missed.stream()
                                .mapToObj(i -> Json.text(round.documents().get(i))))
                        .as(() -> round.about(where) + ", " + filter.sql(dialect, "documents.body"))
                        .isEmpty();
            }
        }
    }

    @Test
    void theJsonFormKeepsTheMeaning() {
        for (Round round : ROUNDS) {
            for (JsonNode where : round.wheres()) {
                Filter filter = Filter.parse(where, Instant.EPOCH);

                Filter again = Filter.parse(filter.toJson(), Instant.EPOCH);

                assertThat(again.toJson()).as(() -> round.about(where)).isEqualTo(filter.toJson());
                assertThat(DocumentTable.matching(again, round.documents()))
                        .as(() -> round.about(where))
                        .isEqualTo(DocumentTable.matching(filter, round.documents()));
            }
        }
    }

    @Test
    void everyMatchSatisfiesTheConstraints() {
        for (Round round : ROUNDS) {
            for (JsonNode where : round.wheres()) {
                Filter filter = Filter.parse(where, Instant.EPOCH);
                Filter demanded = Filter.allOf(filter.constraints().stream()
                        .map(FilterAgreementTest::demand)
                        .toList());

                BitSet wronged = DocumentTable.matching(filter, round.documents());
                wronged.andNot(DocumentTable.matching(demanded, round.documents()));

                assertThat(wronged.stream()
                                .mapToObj(i -> Json.text(round.documents().get(i))))
                        .as(() -> round.about(where) + ", " + filter.constraints())
                        .isEmpty();
            }
        }
    }

    private static Filter demand(FieldConstraint constraint) {
        FieldPath path = constraint.path();
        return switch (constraint) {
            case FieldConstraint.OneOf one -> new Filter.In(path, one.values());
            case FieldConstraint.Prefix prefix -> Filter.where(path).startsWith(prefix.text());
            case FieldConstraint.Range range -> {
                Stream<Filter> low =
                        range.low().stream().map(end -> new Filter.Compare(path, Filter.Comparison.GTE, end));
                Stream<Filter> high =
                        range.high().stream().map(end -> new Filter.Compare(path, Filter.Comparison.LTE, end));
                yield Filter.allOf(Stream.concat(low, high).toList());
            }
        };
    }
}
