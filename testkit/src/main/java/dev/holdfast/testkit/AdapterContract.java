package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.SqlAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the four methods of an adapter promise, in SQL that every database knows. */
@Timeout(60)
public abstract class AdapterContract {
    private SqlAdapter adapter;

    /** The suite over one kind of adapter. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected AdapterContract() {}

    /** An adapter on an empty database; the suite closes it. */
    protected abstract SqlAdapter open();

    @BeforeEach
    void openAdapter() {
        adapter = open();
        adapter.exec("create table item (a bigint not null primary key, b text)");
    }

    @AfterEach
    void closeAdapter() {
        adapter.close();
    }

    @Test
    void aStatementSaysHowManyRowsItChanged() {
        int inserted = adapter.exec("insert into item (a, b) values (?, ?), (?, ?)", 1L, "x", 2L, "x");
        int updated = adapter.exec("update item set b = ? where a >= ?", "y", 2L);
        int deleted = adapter.exec("delete from item where a = ?", 3L);

        assertThat(List.of(inserted, updated, deleted)).containsExactly(2, 1, 0);
    }

    @Test
    void rowsComeInTheOrderOfTheQueryAndAsTheyAreAskedFor() {
        insert(1, 1_000);

        try (Stream<Long> rows = adapter.iterate("select a from item order by a desc", row -> row.getLong(1))) {
            assertThat(rows.limit(3)).containsExactly(999L, 998L, 997L);
        }

        assertThat(adapter.first("select a from item where a < ? order by a", row -> row.getLong(1), 10L))
                .contains(1L);
        assertThat(adapter.first("select a from item where a < ?", row -> row.getLong(1), 0L))
                .isEmpty();
        assertThat(rows()).isEqualTo(LongStream.range(1, 1_000).boxed().toList());
    }

    @Test
    void everyKindOfArgumentComesBackAsItWas() {
        adapter.exec("create table kind (i integer, l bigint, d double precision, t text, n text)");

        adapter.exec(
                "insert into kind (i, l, d, t, n) values (?, ?, ?, ?, ?)",
                7,
                Long.MIN_VALUE,
                0.1,
                "é\uD83D\uDE00'",
                null);

        List<Object> row = adapter.first(
                        "select i, l, d, t, n from kind",
                        found -> List.<Object>of(
                                found.getInt(1),
                                found.getLong(2),
                                found.getDouble(3),
                                found.getString(4),
                                found.getString(5) == null))
                .orElseThrow();
        assertThat(row).containsExactly(7, Long.MIN_VALUE, 0.1, "é\uD83D\uDE00'", true);
    }

    @Test
    void manyRowsGoInWithOneCallAllOrNone() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (long a = 0; a < 100; a++) {
            rows.add(new @Nullable Object[] {a % 99, "row"});
        }

        assertThatThrownBy(() -> adapter.execAll("insert into item (a, b) values (?, ?)", rows))
                .isInstanceOf(EngineException.class);
        List<Long> afterFailure = rows();
        adapter.execAll("insert into item (a, b) values (?, ?)", rows.subList(0, 99));

        assertThat(afterFailure).isEmpty();
        assertThat(rows()).hasSize(99);
    }

    @Test
    void aTransactionCommitsWhenItsFunctionReturns() {
        String result = adapter.transaction(tx -> {
            tx.exec("insert into item (a) values (1)");
            adapter.exec("insert into item (a) values (2)");
            return "done " + rows().size();
        });

        assertThat(result).isEqualTo("done 2");
        assertThat(rows()).containsExactly(1L, 2L);
    }

    @Test
    void aTransactionThatThrowsLeavesNothingAndItsExceptionPassesOn() {
        assertThatThrownBy(() -> adapter.transaction(tx -> {
                    tx.exec("insert into item (a) values (1)");
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("stop");

        adapter.exec("insert into item (a) values (2)");
        assertThat(rows()).containsExactly(2L);
    }

    @Test
    void aTransactionInsideIsAStepThatCanBeUndone() {
        adapter.transaction(tx -> {
            tx.exec("insert into item (a) values (1)");
            assertThatThrownBy(() -> adapter.transaction(step -> {
                        step.exec("insert into item (a) values (2)");
                        return step.exec("insert into item (a) values (1)");
                    }))
                    .isInstanceOf(EngineException.class);
            return adapter.transaction(step -> step.exec("insert into item (a) values (3)"));
        });

        assertThat(rows()).containsExactly(1L, 3L);
    }

    @Test
    void aStepIsUndoneWithTheTransactionAroundIt() {
        assertThatThrownBy(() -> adapter.transaction(tx -> {
                    adapter.transaction(step -> step.exec("insert into item (a) values (1)"));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");

        assertThat(rows()).isEmpty();
    }

    @Test
    void rowsLeftOpenHoldNobodyUp() {
        insert(0, 500);

        adapter.transaction(tx -> tx.iterate("select a from item", row -> row.getLong(1))
                .iterator()
                .next());

        assertThat(adapter.exec("delete from item")).isEqualTo(500);
    }

    @Test
    void aFailedStatementIsAnEngineException() {
        assertThatThrownBy(() -> adapter.exec("insert into nowhere (a) values (1)"))
                .isInstanceOf(EngineException.class);

        assertThat(adapter.exec("insert into item (a) values (1)")).isEqualTo(1);
    }

    @Test
    void aClosedAdapterRefusesEverything() {
        adapter.close();
        adapter.close();

        assertThatThrownBy(() -> adapter.exec("delete from item")).isInstanceOf(ClosedException.class);
        assertThatThrownBy(this::rows).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> adapter.transaction(tx -> 1)).isInstanceOf(ClosedException.class);
    }

    private void insert(long from, long to) {
        adapter.transaction(tx -> {
            for (long a = from; a < to; a++) {
                tx.exec("insert into item (a, b) values (?, 'row')", a);
            }
            return to;
        });
    }

    private List<Long> rows() {
        return adapter.list("select a from item order by a", row -> row.getLong(1));
    }
}
