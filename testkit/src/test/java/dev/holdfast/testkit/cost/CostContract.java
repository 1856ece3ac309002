package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Namespace;
import dev.holdfast.engine.Engine;
import dev.holdfast.testkit.VirtualTime;
import dev.holdfast.testkit.cost.Calls.Call;
import dev.holdfast.testkit.cost.GuidePage.Row;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The cost tables of the guide are true: each call is made, what it does is counted, and the figures are compared with
 * those that the page prints.
 *
 * <p>Each row has a namespace of its own. A call is made often enough for the driver's preparations and the store's
 * memory to be over; of the last calls the cheapest counts, as anything may come between.
 */
abstract class CostContract {
    private static final List<String> HEAD =
            List.of("call", "SQLite: statements", "PostgreSQL: statements", "PostgreSQL: round trips", "commits");
    private static final Pattern NUMBER = Pattern.compile("\\b\\d+\\b");
    private static final int WARM_UPS = 6;
    private static final int RUNS = WARM_UPS + 2;
    /** One that fits into every batch, one that fits into none. */
    private static final int[] SIZES = {3, 600};

    private final VirtualTime time = new VirtualTime();
    private final Counts counts = new Counts();
    private @Nullable Holdfast holdfast;

    /** Opens the engine whose costs are counted. */
    abstract Engine open(VirtualTime clock);

    /** The column with the statements of this engine. */
    abstract int statementsColumn();

    /** How often the engine has waited for its server so far; none for one without. */
    abstract OptionalLong roundTrips();

    /** Called when the engine is closed. */
    void closed() {}

    @AfterEach
    void close() {
        if (holdfast != null) {
            holdfast.close();
        }
        closed();
    }

    @TestFactory
    Stream<DynamicTest> keysAndValuesCostWhatTheirPageSays() {
        return rows("docs/guide/keys-and-values.md", KvCalls.all(time));
    }

    @TestFactory
    Stream<DynamicTest> collectionsCostWhatTheirPageSays() {
        return rows("docs/guide/collections.md", CollectionCalls.all());
    }

    @TestFactory
    Stream<DynamicTest> streamsCostWhatTheirPageSays() {
        return rows("docs/guide/streams.md", StreamCalls.all(time));
    }

    @TestFactory
    Stream<DynamicTest> searchCostsWhatItsPageSays() {
        return rows("docs/guide/search.md", SearchCalls.all());
    }

    @TestFactory
    Stream<DynamicTest> tokensCostWhatTheirPageSays() {
        return rows("docs/guide/server.md", AccessCalls.all());
    }

    private Stream<DynamicTest> rows(String path, Calls calls) {
        Holdfast store = Holdfast.over(
                new CountingEngine(open(time), counts),
                HoldfastOptions.defaults().withTime(time).withMaintenance(Duration.ofDays(1)));
        holdfast = store;
        List<Row> rows = GuidePage.read(path).rows(HEAD);
        Stream<DynamicTest> all = Stream.of(dynamicTest(
                "every call that is counted is in a table, and the other way round",
                () -> assertThat(rows.stream().map(row -> row.cells().getFirst()))
                        .containsExactlyInAnyOrderElementsOf(calls.labels())));
        return Stream.concat(
                all,
                IntStream.range(0, rows.size())
                        .mapToObj(i -> dynamicTest(
                                rows.get(i).cells().getFirst(), () -> compare(store, path, rows.get(i), calls))));
    }

    private void compare(Holdfast store, String path, Row row, Calls calls) throws Exception {
        List<Figure> figures = row.cells().stream().skip(1).map(Figure::new).toList();
        Figure statements = figures.get(statementsColumn());
        Figure roundTrips = figures.get(2);
        Figure commits = figures.get(3);
        Map<Integer, Cost> printed = new LinkedHashMap<>();
        Map<Integer, Cost> counted = new LinkedHashMap<>();
        for (int n : sizes(row.cells().getFirst(), figures)) {
            Namespace at = store.namespace("row" + row.line() + "n" + n);
            Cost cost = count(at, calls.of(row.cells().getFirst()), n);
            counted.put(n, cost);
            printed.put(
                    n,
                    new Cost(
                            statements.isOpen() ? cost.statements : statements.of(n),
                            roundTrips.isOpen() || roundTrips().isEmpty() ? cost.roundTrips : roundTrips.of(n),
                            commits.isOpen() ? cost.commits : commits.of(n)));
        }
        assertThat(counted)
                .as("%s:%d: %s, by n", path, row.line(), row.cells().getFirst())
                .isEqualTo(printed);
    }

    /** Both when a figure depends on n, else the number in the name of the call. */
    private static int[] sizes(String label, List<Figure> figures) {
        if (figures.stream().anyMatch(Figure::dependsOnN)) {
            return SIZES;
        }
        Matcher number = NUMBER.matcher(label);
        return new int[] {number.find() ? Integer.parseInt(number.group()) : 1};
    }

    private Cost count(Namespace at, Call call, int n) throws Exception {
        Cost least = Cost.MOST;
        for (int run = 0; run < RUNS; run++) {
            call.prepare().in(at, run, n);
            Cost before = sofar();
            call.act().in(at, run, n);
            if (run >= WARM_UPS) {
                least = least.least(sofar().minus(before));
            }
        }
        return least;
    }

    private Cost sofar() {
        return new Cost(counts.statements(), roundTrips().orElse(0), counts.commits());
    }

    /** What was counted. */
    private record Cost(long statements, long roundTrips, long commits) {
        static final Cost MOST = new Cost(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        Cost minus(Cost before) {
            return new Cost(statements - before.statements, roundTrips - before.roundTrips, commits - before.commits);
        }

        Cost least(Cost other) {
            return new Cost(
                    Math.min(statements, other.statements),
                    Math.min(roundTrips, other.roundTrips),
                    Math.min(commits, other.commits));
        }
    }
}
