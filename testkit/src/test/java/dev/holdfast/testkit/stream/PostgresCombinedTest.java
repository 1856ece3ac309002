package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamAppended;
import dev.holdfast.stream.StreamFollower;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.VirtualTime;
import dev.holdfast.testkit.cost.CountingSockets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What appends to one stream share on PostgreSQL while they wait for each other. */
class PostgresCombinedTest {
    private static final PostgresOptions OPTIONS = PostgresOptions.defaults()
            .withNotifications(false)
            .withOperations(1)
            .withDecisions(1);

    private final String url = PostgresServer.shared().freshDatabase();
    private final String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    private final VirtualTime time = new VirtualTime();
    private final Engine engine = PostgresEngine.open(url + "&" + CountingSockets.parameters(name), OPTIONS, time);
    private final Holdfast holdfast =
            Holdfast.over(engine, HoldfastOptions.defaults().withTime(time).withMaintenance(Duration.ofDays(1)));
    private final DurableStream stream = holdfast.stream("a");

    @BeforeEach
    void make() {
        stream.create(StreamSpec.bytes());
        for (int i = 0; i < 8; i++) {
            // The driver prepares a statement on the server when it has run a few times.
            gather(3, PostgresCombinedTest::plain);
            gather(3, PostgresCombinedTest::produced);
        }
    }

    @AfterEach
    void close() {
        holdfast.close();
        PostgresServer.shared().drop(url);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 40, 256})
    void theyCostWhatOneCosts(int appends) {
        assertThat(roundTrips(appends, PostgresCombinedTest::plain)).isEqualTo(4);
        assertThat(roundTrips(appends, PostgresCombinedTest::produced)).isEqualTo(6);
    }

    @Test
    void moreThanOneTransactionTakesCostTwo() {
        assertThat(roundTrips(257, PostgresCombinedTest::plain)).isEqualTo(8);
    }

    @Test
    void whoIsInterruptedWhileWaitingIsNotStored() {
        List<FutureTask<StreamAppended>> done = Gathered.run(
                engine,
                "a",
                calls(4, PostgresCombinedTest::plain),
                threads -> threads.get(2).interrupt());

        assertThat(done.stream().map(Future::state))
                .containsExactly(Future.State.SUCCESS, Future.State.SUCCESS, Future.State.FAILED, Future.State.SUCCESS);
        assertInterrupted(done.get(2));
        assertThat(done.get(3).resultNow().tail())
                .isEqualTo(done.get(0).resultNow().tail() + 2);
    }

    @Test
    void theFirstOneIsInterruptedWithoutTheOthers() {
        List<FutureTask<StreamAppended>> done = Gathered.run(
                engine,
                "a",
                calls(3, PostgresCombinedTest::plain),
                threads -> threads.getFirst().interrupt());

        assertInterrupted(done.getFirst());
        assertThat(done.get(2).resultNow().tail())
                .isEqualTo(done.get(1).resultNow().tail() + 1);
    }

    private static void assertInterrupted(FutureTask<StreamAppended> done) {
        assertThat(done.exceptionNow())
                .isInstanceOfSatisfying(
                        TimeoutException.class, e -> assertThat(e.code()).isEqualTo("engine.interrupted"));
    }

    /** Whoever is told of an append should return at once; if it appends instead, it has the turn already. */
    @Test
    void whoIsToldOfAnAppendMayAppend() {
        AtomicBoolean answers = new AtomicBoolean();
        try (StreamFollower follower = stream.follow(DurableStream.NOW, () -> {
            // By those who append: the store's own threads, which look because of a signal, have no turn.
            if (Thread.currentThread().getName().isEmpty() && answers.getAndSet(false)) {
                stream.append(plain(0));
            }
        })) {
            long before = follower.poll(1).next();
            answers.set(true);

            assertThat(gather(3, PostgresCombinedTest::plain)).allMatch(done -> done.state() == Future.State.SUCCESS);

            assertThat(stream.head().tail()).isEqualTo(before + 4);
            await().until(() -> follower.poll(1 << 20).next() == before + 4);
        }
    }

    private long roundTrips(int appends, IntFunction<StreamAppend> append) {
        AtomicLong before = new AtomicLong();
        List<FutureTask<StreamAppended>> all = Gathered.run(engine, "a", calls(appends, append), threads -> {
            // The pool asks whether a connection still lives that nobody has used for half a second.
            stream.head();
            before.set(CountingSockets.roundTrips(name));
        });
        assertThat(all).allMatch(done -> done.state() == Future.State.SUCCESS);
        return CountingSockets.roundTrips(name) - before.get();
    }

    private List<FutureTask<StreamAppended>> gather(int appends, IntFunction<StreamAppend> append) {
        return Gathered.run(engine, "a", calls(appends, append));
    }

    private List<Callable<StreamAppended>> calls(int appends, IntFunction<StreamAppend> append) {
        return IntStream.range(0, appends)
                .mapToObj(i -> (Callable<StreamAppended>) () -> stream.append(append.apply(i)))
                .toList();
    }

    private static StreamAppend plain(int number) {
        return StreamAppend.of(new byte[] {'x'});
    }

    private static StreamAppend produced(int number) {
        return plain(number).by(new ProducerStamp("p" + number, PRODUCED.getAndIncrement(), 0));
    }

    /** Each append of a producer is the first one of an epoch. */
    private static final AtomicInteger PRODUCED = new AtomicInteger();
}
