package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.Streams;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import dev.holdfast.testkit.stream.StreamSteps.Op;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Streams under a program of random steps, beside a plain model: single calls, transactions kept and thrown away, forks
 * of forks, a clock that turns, sweeps. Both must agree after every step, and nothing may be left in a table that no
 * stream holds.
 */
public abstract class StreamRandomContract extends StreamSuite {
    private static final int STEPS = 10_000;
    private static final int MINUTES_MAX = 15;

    /** The suite over the stores of one engine. */
    protected StreamRandomContract() {}

    /** Where the next call runs: here there is one process. */
    Session session(RandomProgram program) {
        return store.session();
    }

    @Test
    @Timeout(value = MINUTES_MAX, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    void tenThousandStepsLeaveWhatTheModelSays() {
        RandomProgram program = RandomProgram.seeded();
        System.Logger log = System.getLogger(StreamRandomContract.class.getName());
        log.log(System.Logger.Level.INFO, "-D" + RandomProgram.SEED_PROPERTY + "=" + program.seed());
        StreamModel model = new StreamModel(time::millis);
        StreamSteps steps = new StreamSteps(program, time);

        program.run(STEPS, random -> next(random, steps, model));
        agree(model);
    }

    private Step next(RandomProgram program, StreamSteps steps, StreamModel model) {
        int kind = program.random().nextInt(500);
        if (kind < 5) {
            return new Step("everything agrees", () -> agree(model));
        }
        if (kind < 25) {
            long by = program.random().nextLong(program.chance(20) ? 200_000 : 15_000);
            return new Step("the clock turns by " + by + " ms or a little more", () -> {
                time.advance(Duration.ofMillis(model.clearAfter(by)));
                model.settle();
            });
        }
        if (kind < 35) {
            return new Step("sweep", this::sweep);
        }
        if (kind < 75) {
            boolean kept = program.chance(60);
            List<Op> ops = Stream.generate(steps::next)
                    .limit(1 + program.random().nextInt(6))
                    .toList();
            Session session = session(program);
            return new Step(
                    ops.stream().map(Op::text).collect(Collectors.joining("; ", "transaction [", "], kept=" + kept)),
                    () -> transaction(session, ops, model, kept));
        }
        Op op = steps.next();
        Session session = session(program);
        return new Step(op.text(), () -> op.call().in(session, model));
    }

    private void transaction(Session session, List<Op> ops, StreamModel model, boolean kept) {
        // Outside a transaction a call that meets a stream kept for forks whose time has passed removes them itself.
        sweep();
        StreamModel outcome = model.copy();
        try {
            session.write(UnitKind.USER, tx -> {
                outcome.become(model); // it may run again
                ops.forEach(op -> op.call().in(tx, outcome));
                if (!kept) {
                    throw new ThrownAway();
                }
                return true;
            });
            model.become(outcome);
        } catch (ThrownAway e) {
            assertThat(kept).isFalse();
        }
        model.living().forEach(name -> StreamSteps.visit(store.session(), model, name));
    }

    private void agree(StreamModel model) {
        sweep();
        assertThat(Streams.in(store.session()).list("", "", 100))
                .extracting(StreamInfo::name)
                .containsExactlyElementsOf(model.living());
        for (String name : model.living()) {
            StreamModel.Log log = model.find(name).orElseThrow();
            assertThat(whole(stream(name))).isEqualTo(log.text(0, log.tail()));
            model.touch(name);
        }
        assertThat(List.of(rows("streams"), rows("stream_producers"), rows("stream_garbage")))
                .as("rows of streams, producers and garbage")
                .containsExactly(model.rows("streams"), model.rows("stream_producers"), 0L);
        assertRows(rows("stream_data"), model.rows("stream_data"));
    }

    /** Compares the rows of what was appended with how many appends there are. */
    void assertRows(long rows, long appends) {
        assertThat(rows).as("rows of appends").isEqualTo(appends);
    }

    /** Ends a transaction that is not to be kept. */
    private static final class ThrownAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
