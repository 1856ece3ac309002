package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.Change;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.UnitKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pruning of the change log keeps, and in which steps it goes. */
public abstract class ChangePruneContract extends Contract {
    private static final Duration AGE = Duration.ofDays(7);
    /** Changes that are removed with one commit at most. */
    private static final int BATCH = 2_000;

    private VirtualTime time = new VirtualTime();
    private Store store;
    private Database database;

    /** The suite over the stores of one engine. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected ChangePruneContract() {}

    @BeforeEach
    void open() {
        time = new VirtualTime();
        store = stores().fresh(time);
        database = store.database();
    }

    @Test
    void whatIsOlderThanTheAgeGoesAndWhatIsNewerStays() {
        long first = change(3);
        prune();
        time.advance(AGE.minusMinutes(1));
        prune();
        assertThat(left()).hasSize(3);

        long second = change(2);
        time.advance(Duration.ofMinutes(2));
        prune();
        assertThat(left()).containsOnly(second).hasSize(2);
        assertThat(floor()).isEqualTo(first);

        time.advance(AGE);
        prune();
        assertThat(left()).isEmpty();
        assertThat(floor()).isEqualTo(second);
    }

    @Test
    void noChangeIsOlderThanTwiceTheAge() {
        prune();
        time.advance(AGE.dividedBy(2));
        change(1);
        time.advance(AGE.dividedBy(2));
        prune();
        assertThat(left()).hasSize(1);

        time.advance(AGE);
        prune();
        assertThat(left()).isEmpty();
    }

    @Test
    void anEmptyLogIsLeftAlone() {
        for (int round = 0; round < 3; round++) {
            prune();
            time.advance(AGE);
        }
        assertThat(left()).isEmpty();
        assertThat(floor()).isZero();
    }

    @Test
    void aLargeCommitGoesInBatchesAndAnInterruptedRoundIsTakenUp() {
        long large = change(2 * BATCH + 500);
        long next = change(1);
        prune();
        time.advance(AGE);
        change(1);
        FaultyEngine faulty = new FaultyEngine(database.engine());
        Database interrupted = new Database(faulty, database.tables(), time);

        // The first commit sets the mark anew, the second removes a batch.
        faulty.failCommit(3, FaultyEngine.Moment.BEFORE);
        assertThatThrownBy(() -> interrupted.pruneChanges("default", AGE)).hasMessageStartingWith("testkit.fault");

        assertThat(left()).hasSize(BATCH + 502);
        assertThat(floor()).isEqualTo(large);
        interrupted.pruneChanges("default", Duration.ofDays(70));
        assertThat(left()).doesNotContain(large).hasSize(2).startsWith(next);
    }

    private void prune() {
        database.pruneChanges("default", AGE);
    }

    /** Writes a commit of so many changes; answers its versionstamp. */
    private long change(int changes) {
        return store.session().write(UnitKind.OPERATION, tx -> {
            for (int i = 0; i < changes; i++) {
                tx.changed(
                        "test", "", ByteBuffer.allocate(Integer.BYTES).putInt(i).array(), Change.Kind.SET);
            }
            return tx.versionstamp();
        });
    }

    /** The versionstamps in the log. */
    private List<Long> left() {
        String text =
                database.tables().sql("select versionstamp from {p}changes where ns = 1 order by versionstamp, n");
        return database.engine().read(unit -> unit.list(text, row -> row.getLong(1)));
    }

    private long floor() {
        String text = database.tables().sql("select changes_floor from {p}namespaces where ns = 1");
        return database.engine()
                .read(unit -> unit.first(text, row -> row.getLong(1)))
                .orElseThrow();
    }
}
