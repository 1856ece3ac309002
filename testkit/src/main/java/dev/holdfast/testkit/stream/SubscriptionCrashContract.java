package dev.holdfast.testkit.stream;

import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionAck;
import dev.holdfast.stream.SubscriptionReceipt;
import dev.holdfast.stream.Subscriptions;
import dev.holdfast.testkit.CrashContract;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * All or nothing for subscriptions: each statement and each commit of each operation fails in turn, and what the tables
 * hold is what it was, or what the whole operation makes it.
 */
public abstract class SubscriptionCrashContract extends CrashContract {
    private final Map<String, SubscriptionReceipt> claims = new ConcurrentHashMap<>();
    private Store store;

    /** The suite over the stores of one engine, which must hold the tables of {@link StreamSuite#rooms()}. */
    protected SubscriptionCrashContract() {}

    @BeforeEach
    void open() {
        claims.clear();
        store = stores().fresh(new VirtualTime());
    }

    @Test
    void making() {
        failEach(
                session -> in(session).create("t", SubscriptionSuite.webhook("*", "later"), SubscriptionSuite.ADDRESS));
    }

    @Test
    void addingStreams() {
        failEach(session -> in(session).link("s", List.of("later", "b")));
    }

    @Test
    void takingAStreamOut() {
        failEach(session -> in(session).unlink("s", "b"));
    }

    @Test
    void deleting() {
        failEach(session -> in(session).delete("s"));
    }

    @Test
    void deletingAStream() {
        failEach(session -> stream(session, "a").delete());
    }

    @Test
    void claiming() {
        failEach(session -> in(session).claim("s", "w"));
    }

    @Test
    void acknowledging() {
        failClaimed(session -> in(session)
                .ack("s", claimed(session), List.of(new SubscriptionAck("a", 1), new SubscriptionAck("b", 1)), true));
    }

    @Test
    void givingBackWithAWakeInTheSameStep() {
        failClaimed(session -> in(session).release("s", claimed(session)));
    }

    private void failEach(Consumer<Session> operation) {
        failEachStatement(
                store,
                SubscriptionCrashContract::fill,
                operation,
                session -> session.read(SubscriptionCrashContract::look));
    }

    /** The same for one who has claimed. */
    private void failClaimed(Consumer<Session> operation) {
        failEachStatement(
                store,
                session -> {
                    fill(session);
                    claims.put(
                            session.namespace(),
                            SubscriptionReceipt.of(in(session).claim("s", "w")));
                },
                operation,
                session -> session.read(SubscriptionCrashContract::look));
    }

    private SubscriptionReceipt claimed(Session session) {
        return Objects.requireNonNull(claims.get(session.namespace()));
    }

    private static void fill(Session session) {
        stream(session, "wakes").create(StreamSpec.json());
        stream(session, "a").create(StreamSpec.bytes());
        stream(session, "b").create(StreamSpec.bytes());
        in(session).create("s", SubscriptionSuite.pull("a", "b"), SubscriptionSuite.ADDRESS);
        stream(session, "a").append(StreamSuite.bytes("x"));
        stream(session, "b").append(StreamSuite.bytes("y"));
    }

    /** What there is to see, without what is made at random. */
    private static List<Object> look(Tx tx) {
        List<Object> all = new ArrayList<>();
        all.add(tx.list(
                tx.database()
                        .tables()
                        .sql("select id, state, generation, holder, due_at, attempts from {p}stream_subscriptions"
                                + " where ns = ? order by id"),
                row -> row.getString(1)
                        + row.getInt(2)
                        + row.getLong(3)
                        + row.getString(4)
                        + row.getString(5)
                        + row.getInt(6),
                tx.ns()));
        all.add(tx.list(
                tx.database()
                        .tables()
                        .sql("select b.id, l.path, l.named, l.acked from {p}stream_links l join"
                                + " {p}stream_subscriptions b on b.ns = l.ns and b.number = l.subscription"
                                + " where l.ns = ? order by b.id, l.path"),
                row -> row.getString(1) + row.getString(2) + row.getInt(3) + row.getLong(4),
                tx.ns()));
        all.add(tx.list(
                tx.database().tables().sql("select name, tail from {p}stream_heads where ns = ? order by name"),
                row -> row.getString(1) + row.getLong(2),
                tx.ns()));
        return all;
    }

    private static Subscriptions in(Session session) {
        return Subscriptions.in(session);
    }

    private static DurableStream stream(Session session, String name) {
        return DurableStream.in(session, name);
    }
}
