package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamException.Reason;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.Streams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams inside transactions and in namespaces. Section 18 of the Durable Streams protocol. */
public abstract class StreamTransactionContract extends StreamSuite {
    private static final Key ORDER = Key.of("order");

    /** The suite over the stores of one engine. */
    protected StreamTransactionContract() {}

    @Test
    void aTransactionCommitsStreamsTogetherWithKeys() {
        stream("a").create(StreamSpec.bytes().content(bytes("0")));

        transaction(tx -> {
            Kv.in(tx).set(ORDER, 1);
            DurableStream.in(tx, "a").append(bytes("1"));
            DurableStream.in(tx, "b").create(StreamSpec.json().content(bytes("[1]")));
            DurableStream.in(tx, "a").append(bytes("2"));
            return DurableStream.in(tx, "b").close();
        });

        assertThat(whole(stream("a"))).isEqualTo("012");
        assertThat(whole(stream("b"))).isEqualTo("[1]");
        assertThat(stream("b").head().closed()).isTrue();
        assertThat(Kv.in(store.session()).get(ORDER)).isPresent();
    }

    @Test
    void aTransactionSeesWhatItWrote() {
        transaction(tx -> {
            DurableStream inside = DurableStream.in(tx, "a");
            inside.create(StreamSpec.bytes());
            inside.append(bytes("ab"));
            inside.append(bytes("cd"));
            assertThat(text(inside.read(1, ALL))).isEqualTo("bcd");
            assertThat(inside.head().tail()).isEqualTo(4);
            assertThat(Streams.in(tx).list("", "", 10)).hasSize(1);
            inside.delete();
            assertRefused(Reason.NOT_FOUND, inside::head);
            return inside.create(StreamSpec.json().content(bytes("[1,2]")));
        });

        assertThat(whole(stream("a"))).isEqualTo("[1,2]");
        assertThat(rows("stream_data")).isOne();
    }

    @Test
    void nothingOfARolledBackTransactionIsLeft() {
        stream("a").create(StreamSpec.bytes().content(bytes("kept")));
        long id = stream("a").head().id();

        assertThatThrownBy(() -> transaction(tx -> {
                    Kv.in(tx).set(ORDER, 1);
                    DurableStream a = DurableStream.in(tx, "a");
                    a.append(say("x").by(new ProducerStamp("p", 0, 0)).sequence("z"));
                    DurableStream.in(tx, "b").create(StreamSpec.bytes().content(bytes("b")));
                    DurableStream.in(tx, "fork").create(StreamSpec.of(StreamFork.of("a", 2)));
                    a.close();
                    a.delete();
                    throw new RolledBack();
                }))
                .isInstanceOf(RolledBack.class);

        assertThat(stream("a").head().id()).isEqualTo(id);
        assertThat(stream("a").head().closed()).isFalse();
        assertThat(whole(stream("a"))).isEqualTo("kept");
        assertThat(List.of(rows("streams"), rows("stream_data"))).containsOnly(1L);
        assertThat(List.of(rows("stream_producers"), rows("stream_garbage"))).containsOnly(0L);
        assertThat(Kv.in(store.session()).get(ORDER)).isEmpty();
        assertThat(stream("a")
                        .append(say("y").by(new ProducerStamp("p", 0, 0)).sequence("a"))
                        .tail())
                .isEqualTo(5);
        stream("a").delete();
        assertRefused(Reason.NOT_FOUND, () -> stream("a").head());
    }

    @Test
    void aStepThatIsUndoneLeavesTheRestOfTheTransaction() {
        stream("a").create(StreamSpec.bytes());

        transaction(tx -> {
            DurableStream inside = DurableStream.in(tx, "a");
            inside.append(bytes("1"));
            assertThatThrownBy(() -> tx.nested(() -> {
                        inside.append(bytes("x"));
                        inside.close();
                        throw new RolledBack();
                    }))
                    .isInstanceOf(RolledBack.class);
            return inside.append(bytes("2"));
        });

        assertThat(whole(stream("a"))).isEqualTo("12");
        assertThat(stream("a").head().closed()).isFalse();
    }

    @Test
    void aRefusedCallInsideATransactionHasDoneNothing() {
        stream("source").create(StreamSpec.json().content(bytes("[1,2]")));
        stream("closed").create(StreamSpec.bytes().asClosed());

        transaction(tx -> {
            refused(() -> DurableStream.in(tx, "new").create(StreamSpec.json().content(bytes("{"))));
            refused(() -> DurableStream.in(tx, "fork")
                    .create(StreamSpec.of(StreamFork.of("source")).content(bytes("{"))));
            refused(() -> DurableStream.in(tx, "fork").create(StreamSpec.of(StreamFork.of("source", 9))));
            refused(() ->
                    DurableStream.in(tx, "source").append(say("{").sequence("z").by(new ProducerStamp("p", 0, 0))));
            refused(() -> DurableStream.in(tx, "closed").append(bytes("x")));
            refused(() -> DurableStream.in(tx, "missing").delete());
            return DurableStream.in(tx, "source").append(say("3").sequence("a"));
        });

        assertThat(Streams.in(store.session()).list("", "", 10)).hasSize(2);
        assertThat(whole(stream("source"))).isEqualTo("[1,2,3]");
        assertThat(rows("stream_producers")).isZero();
        stream("source").delete();
        assertRefused(Reason.NOT_FOUND, () -> stream("source").head());
    }

    @Test
    void nothingCanBeWaitedForInsideATransaction() {
        stream("a").create(StreamSpec.bytes());

        transaction(tx -> {
            DurableStream inside = DurableStream.in(tx, "a");
            assertInvalid("stream.inside_transaction", () -> inside.await(0, ALL, Duration.ZERO));
            assertInvalid("stream.inside_transaction", () -> inside.follow(0, () -> {}));
            assertInvalid("engine.inside_transaction", () -> stream("a").follow(0, () -> {}));
            return inside;
        });
    }

    @Test
    void nothingIsRememberedOfProducersOfAStreamThatTheSameOperationDeletes() {
        stream("a").create(StreamSpec.bytes());

        store.session().write(UnitKind.OPERATION, tx -> {
            DurableStream.in(tx, "a").append(say("1").by(new ProducerStamp("p", 0, 0)));
            DurableStream.in(tx, "a").delete();
            return tx;
        });

        assertThat(rows("stream_producers")).isZero();
        assertNothingIsLeft();
    }

    @Test
    void namespacesDoNotSeeEachOther() {
        Session other = store.database().session("other");
        DurableStream theirs = DurableStream.in(other, "a");
        stream("a").create(StreamSpec.bytes().content(bytes("mine")));

        assertRefused(Reason.NOT_FOUND, theirs::head);
        assertRefused(Reason.NO_SOURCE, () -> DurableStream.in(other, "f").create(StreamSpec.of(StreamFork.of("a"))));
        assertThat(theirs.create(StreamSpec.json().content(bytes("[1]"))).created())
                .isTrue();
        theirs.append(say("2").by(new ProducerStamp("p", 3, 0)).sequence("z"));
        stream("a").append(say("!").by(new ProducerStamp("p", 0, 0)).sequence("a"));

        assertThat(whole(stream("a"))).isEqualTo("mine!");
        assertThat(whole(theirs)).isEqualTo("[1,2]");
        assertThat(Streams.in(other).list("", "", 10)).containsExactly(theirs.head());
        stream("a").delete();
        assertThat(whole(theirs)).isEqualTo("[1,2]");
        sweep();
        assertThat(List.of(rows("streams"), rows("stream_producers"))).containsOnly(1L);
    }

    private static void refused(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfAny(StreamException.class, InvalidInputException.class);
    }

    /** Ends a transaction without its effect. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
