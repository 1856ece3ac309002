package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import dev.holdfast.testkit.KvSteps.Op;
import dev.holdfast.testkit.RandomProgram.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Keys and values under a program of random steps, beside a plain model: single operations, commits, pages begun and
 * continued, transactions kept and thrown away, a clock that turns, sweeps, and a watch that must know it all.
 */
public abstract class KvRandomContract extends KvSuite {
    private static final int STEPS = 10_000;

    /** What the watch told last of every key; the versionstamp as text, nothing for a key that is gone. */
    private final ConcurrentSkipListMap<Key, String> watched = new ConcurrentSkipListMap<>();

    /** The suite over the stores of one engine. */
    protected KvRandomContract() {}

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    void tenThousandStepsLeaveWhatTheModelSays() {
        RandomProgram program = RandomProgram.seeded();
        System.Logger log = System.getLogger(KvRandomContract.class.getName());
        log.log(System.Logger.Level.INFO, "-D" + RandomProgram.SEED_PROPERTY + "=" + program.seed());
        KvModel model = new KvModel(time::millis);
        KvSteps steps = new KvSteps(program);
        KvWatchOptions everything = KvWatchOptions.prefixes(KeyPrefix.all());

        try (KvWatch watch = kv.watch(everything, this::note)) {
            assertThat(watch).isNotNull();
            program.run(STEPS, random -> next(random, steps, model));
            agree(model).run();
        }
    }

    private Step next(RandomProgram program, KvSteps steps, KvModel model) {
        int kind = program.random().nextInt(500);
        if (kind == 0) {
            return new Step("the watch agrees", agree(model));
        }
        if (kind < 20) {
            Duration by = Duration.ofMillis(program.random().nextInt(300));
            return new Step("the clock turns by " + by, () -> time.advance(by));
        }
        if (kind < 30) {
            return new Step("sweep", () -> KvRoom.of(store.database()).sweep("default"));
        }
        if (kind < 70) {
            boolean kept = program.chance(60);
            List<Op> ops = Stream.generate(steps::next)
                    .limit(1 + program.random().nextInt(5))
                    .toList();
            return new Step(
                    ops.stream().map(Op::text).collect(Collectors.joining(", ", "transaction [", "], kept=" + kept)),
                    () -> transaction(ops, model, kept));
        }
        Op op = steps.next();
        return new Step(op.text(), () -> op.run().on(kv, model));
    }

    private void transaction(List<Op> ops, KvModel model, boolean kept) {
        KvModel outcome = model.copy();
        try {
            store.session().write(UnitKind.USER, tx -> {
                outcome.become(model); // it may run again
                ops.forEach(op -> op.run().on(Kv.in(tx), outcome));
                if (!kept) {
                    throw new ThrownAway();
                }
                return true;
            });
            model.become(outcome);
        } catch (ThrownAway e) {
            assertThat(kept).isFalse();
        }
    }

    private Runnable agree(KvModel model) {
        return () -> {
            KvRoom.of(store.database()).sweep("default");
            Map<Key, String> expected =
                    kv.list(KvSelection.all()).collect(Collectors.toMap(KvEntry::key, KvRandomContract::seen));
            assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(model.keys());
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(watched).isEqualTo(expected));
        };
    }

    private void note(KvWatch.Event event) {
        event.updates()
                .forEach(update -> update.entry()
                        .map(KvRandomContract::seen)
                        .ifPresentOrElse(
                                entry -> watched.put(update.key(), entry), () -> watched.remove(update.key())));
    }

    private static String seen(KvEntry entry) {
        return entry.versionstamp() + " " + entry.value();
    }

    /** Ends a transaction that is not to be kept. */
    private static final class ThrownAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
