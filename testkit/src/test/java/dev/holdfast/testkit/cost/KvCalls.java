package dev.holdfast.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Namespace;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvAtomic;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The calls of the page on keys and values. */
final class KvCalls {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(5);

    private KvCalls() {}

    static Calls all(VirtualTime time) {
        return commits(writes(reads(new Calls())))
                .add(
                        "sweep of 400 expired entries",
                        (at, run, n) -> {
                            writeBelow(at, run, n, Optional.of(SHORT));
                            time.advance(SHORT);
                        },
                        (at, run, n) -> assertThat(
                                        KvRoom.of(at.session().database()).sweep(at.name()))
                                .isEqualTo(n));
    }

    private static Calls reads(Calls calls) {
        return calls.add(
                        "`get`",
                        KvCalls::one,
                        (at, run, n) ->
                                assertThat(at.kv().get(Key.of("k", run))).isPresent())
                .add(
                        "`getAll` of *n* keys",
                        KvCalls::below,
                        (at, run, n) -> assertThat(at.kv().getAll(keys(run, n)))
                                .hasSize(n)
                                .allMatch(Optional::isPresent))
                .add(
                        "`count(prefix)`, `stats`",
                        KvCalls::below,
                        (at, run, n) -> assertThat(at.kv().count(KeyPrefix.of("k", run)))
                                .isEqualTo(n))
                .add(
                        "`list` of *n* entries, read to the end",
                        KvCalls::below,
                        (at, run, n) -> drain(at.kv().list(KvSelection.below("k", run)), n))
                .add(
                        "`keys` of *n* entries, read to the end",
                        KvCalls::below,
                        (at, run, n) -> drain(at.kv().keys(KvSelection.below("k", run)), n))
                .add(
                        "`paginate`, a page of *n* entries",
                        (at, run, n) -> writeBelow(at, run, n + 1, Optional.empty()),
                        (at, run, n) -> assertThat(at.kv()
                                        .paginate(KvSelection.below("k", run), Optional.empty(), n)
                                        .entries())
                                .hasSize(n));
    }

    private static Calls writes(Calls calls) {
        return calls.add(
                        "`set`, new or not, with a TTL or without",
                        (at, run, n) -> at.kv().set(Key.of("k", run % 2), run, HOUR))
                .add(
                        "`set` in a namespace with a quota",
                        KvCalls::limited,
                        (at, run, n) -> at.kv().set(Key.of("k", run), run))
                .add(
                        "`expire`",
                        KvCalls::one,
                        (at, run, n) -> assertThat(at.kv().expire(Key.of("k", run), Optional.of(HOUR)))
                                .isTrue())
                .add(
                        "`deleteExact`",
                        KvCalls::one,
                        (at, run, n) -> assertThat(at.kv().deleteExact(Key.of("k", run)))
                                .isTrue())
                .add(
                        "`deleteExact` of *n* keys",
                        KvCalls::below,
                        (at, run, n) -> assertThat(at.kv().deleteExact(keys(run, n), Optional.empty()))
                                .isEqualTo(n))
                .add(
                        "`delete(key)` with *n* entries",
                        KvCalls::below,
                        (at, run, n) ->
                                assertThat(at.kv().delete(Key.of("k", run))).isEqualTo(n));
    }

    private static Calls commits(Calls calls) {
        return calls.add("`atomic()` of *n* sets", (at, run, n) -> {
                    KvAtomic atomic = at.kv().atomic();
                    keys(run, n).forEach(key -> atomic.set(key, run));
                    assertThat(atomic.commit().isCommitted()).isTrue();
                })
                .add("`atomic()` of *n* checks and *n* sets", (at, run, n) -> {
                    KvAtomic atomic = at.kv().atomic();
                    keys(run, n).forEach(key -> atomic.checkMissing(key).set(key, run));
                    assertThat(atomic.commit().isCommitted()).isTrue();
                })
                .add(
                        "`atomic().sum`, `max`, `min`, `append`, `prepend`",
                        KvCalls::one,
                        (at, run, n) -> assertThat(at.kv()
                                        .atomic()
                                        .sum(Key.of("k", run), 1)
                                        .commit()
                                        .isCommitted())
                                .isTrue())
                .add(
                        "`kv.transaction` that reads *n* keys and sets them",
                        KvCalls::below,
                        (at, run, n) -> assertThat(at.kv().transaction(tx -> {
                                    keys(run, n)
                                            .forEach(key ->
                                                    tx.set(key, tx.get(key).isPresent()));
                                    return n;
                                }))
                                .isPresent())
                .add(
                        "`holdfast.transaction` that gets *n* keys and sets them",
                        KvCalls::below,
                        (at, run, n) -> at.<Integer, RuntimeException>transaction(tx -> {
                            keys(run, n)
                                    .forEach(key ->
                                            tx.kv().set(key, tx.kv().get(key).isPresent()));
                            return n;
                        }));
    }

    private static List<Key> keys(int run, int n) {
        return IntStream.range(0, n).mapToObj(i -> Key.of("k", run, i)).toList();
    }

    private static void one(Namespace at, int run, int n) {
        at.kv().set(Key.of("k", run), run);
    }

    private static void limited(Namespace at, int run, int n) {
        at.kv().set(Key.of("there"), run);
        at.quota(new NamespaceQuota(OptionalLong.of(1_000_000), OptionalLong.of(1_000_000_000)));
    }

    private static void below(Namespace at, int run, int n) {
        writeBelow(at, run, n, Optional.empty());
    }

    private static void writeBelow(Namespace at, int run, int n, Optional<Duration> ttl) {
        KvAtomic atomic = at.kv().atomic();
        for (Key key : keys(run, n)) {
            if (ttl.isPresent()) {
                atomic.set(key, run, ttl.get());
            } else {
                atomic.set(key, run);
            }
        }
        assertThat(atomic.commit().isCommitted()).isTrue();
    }

    private static void drain(Stream<?> rows, int n) {
        try (rows) {
            assertThat(rows.count()).isEqualTo(n);
        }
    }
}
