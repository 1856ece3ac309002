package dev.holdfast.stream;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The subscriptions of one namespace: durable cursors over many streams, and who is woken when there is something
 * behind
 * them. One wake at a time is under way for each; it has a generation that fences off those before it, and a lease.
 *
 * <p>A subscription starts where its streams end when it is made; streams that appear later and that its pattern takes
 * belong to it from their beginning on. Deleting a stream takes it out of all subscriptions. Wakes are made and
 * webhooks
 * called by a {@link SubscriptionRunner}, of which any number may run on one database.
 *
 * <p>Every call is one transaction, durable when it returns, and blocks; inside a transaction it belongs to that.
 * Errors
 * are of the kinds of {@link dev.holdfast.engine.HoldfastException}; where the state of a subscription refuses a call
 * it
 * is a {@link SubscriptionException}. Safe for use by many threads, but for those of a transaction.
 */
public final class Subscriptions {
    private final Session session;
    private final StreamRoom room;

    private Subscriptions(Session session, StreamRoom room) {
        this.session = session;
        this.room = room;
    }

    /** The subscriptions of a session: of one namespace, or of one open transaction. */
    public static Subscriptions in(Session session) {
        return new Subscriptions(session, StreamRoom.of(session.database()));
    }

    /**
     * The namespace that a token of a wake names. Nothing proves it before the token was used there.
     *
     * @return empty when it is no token at all
     */
    public static Optional<String> namespaceOf(String token) {
        return SubscriptionTokens.namespace(token);
    }

    /**
     * Makes a subscription, or confirms that it was made in the same way. What exists already and belongs to it starts
     * at its tail. It reads the names of all streams that begin as the pattern does; when those are many, others of the
     * same SQLite database wait for it, up to the time limit of a user's transaction.
     *
     * @param id 1 to {@value SubscriptionLimits#ID_BYTES_MAX} bytes of UTF-8 without control characters
     * @param address handed to whoever sends wakes, such as where its receiver calls back; up to
     *     {@value SubscriptionLimits#URL_BYTES_MAX} bytes. Kept as the maker gave it
     * @throws SubscriptionException {@link SubscriptionException.Reason#EXISTS}
     * @throws dev.holdfast.engine.InvalidInputException {@code subscription.too_many},
     *     {@code subscription.too_many_streams}: a limit is reached; {@code subscription.invalid}
     */
    public SubscriptionCreated create(String id, SubscriptionSpec spec, String address) {
        requireId(id);
        Objects.requireNonNull(spec, "spec");
        SubscriptionSpec.requireText("the address of a subscription", address, SubscriptionLimits.URL_BYTES_MAX);
        return Allowance.orAlone(
                UnitKind.OPERATION,
                UnitKind.USER,
                kind -> session.write(kind, tx -> room.subscriptions().create(tx, id, spec, address)));
    }

    /** A subscription as it stands, with its first streams; empty when there is none. */
    public Optional<SubscriptionInfo> find(String id) {
        return find(id, "");
    }

    /**
     * A subscription as it stands.
     *
     * @param after the name of a stream; only later ones are told
     */
    public Optional<SubscriptionInfo> find(String id, String after) {
        requireId(id);
        Objects.requireNonNull(after, "after");
        return session.read(tx -> room.subscriptionSql()
                .find(tx, tx.ns(), id)
                .map(row -> room.subscriptions().info(tx, row, after)));
    }

    /**
     * Removes a subscription; whoever was woken is fenced off.
     *
     * @return whether there was one
     */
    public boolean delete(String id) {
        requireId(id);
        return write(tx -> room.subscriptions().delete(tx, id));
    }

    /**
     * Adds streams to a subscription from where they end now; those that belong to it already stay where they are.
     *
     * @param streams names; they need not exist. Up to {@value SubscriptionLimits#STREAMS_MAX}, and
     *     {@value SubscriptionLimits#NAMED_MAX} for a subscription
     * @throws SubscriptionException {@link SubscriptionException.Reason#NOT_FOUND}
     */
    public void link(String id, List<String> streams) {
        requireId(id);
        List<String> names = List.copyOf(SubscriptionSpec.requireNames(streams));
        write(tx -> {
            room.subscriptions().link(tx, id, names);
            return id;
        });
    }

    /**
     * Takes a stream that was named out of a subscription, without effect on one that was not. One that the pattern
     * takes stays.
     *
     * @throws SubscriptionException {@link SubscriptionException.Reason#NOT_FOUND}
     */
    public void unlink(String id, String stream) {
        requireId(id);
        Objects.requireNonNull(stream, "stream");
        write(tx -> {
            room.subscriptions().unlink(tx, id, stream);
            return id;
        });
    }

    /**
     * Gives a worker the lease of a subscription with a wake stream, if there is something to do; with or without a
     * wake
     * before it.
     *
     * @param worker who it is, for others who ask; 1 to {@value SubscriptionLimits#WORKER_BYTES_MAX} bytes
     * @throws SubscriptionException {@link SubscriptionException.Reason#NOT_FOUND},
     *     {@link SubscriptionException.Reason#ALREADY_CLAIMED}, {@link SubscriptionException.Reason#NO_PENDING_WORK}
     * @throws dev.holdfast.engine.InvalidInputException {@code subscription.type}: it calls a webhook
     */
    public SubscriptionWake claim(String id, String worker) {
        requireId(id);
        SubscriptionSpec.requireText("the name of a worker", worker, SubscriptionLimits.WORKER_BYTES_MAX);
        SubscriptionWakes.Claim claim = write(tx -> room.wakes().claim(tx, id, worker));
        if (claim.wake() != null) {
            return claim.wake();
        }
        throw claim.refusal() == null ? SubscriptionWriter.notFound() : claim.refusal();
    }

    /**
     * Notes how far a worker who has claimed has processed streams, all or none, and extends the lease or, when it is
     * done, gives it back.
     *
     * @param acks offsets behind what was processed, none before the last one of the stream; up to
     *     {@value SubscriptionLimits#STREAMS_MAX}
     * @return whether it was given back, there is more, and somebody will be woken
     * @throws SubscriptionException {@link SubscriptionException.Reason#TOKEN_INVALID},
     *     {@link SubscriptionException.Reason#TOKEN_EXPIRED}, {@link SubscriptionException.Reason#NOT_FOUND},
     *     {@link SubscriptionException.Reason#FENCED}, {@link SubscriptionException.Reason#INVALID_OFFSET}
     * @throws dev.holdfast.engine.InvalidInputException {@code subscription.type}: it calls a webhook
     */
    public boolean ack(String id, SubscriptionReceipt receipt, List<SubscriptionAck> acks, boolean done) {
        return ack(id, true, receipt, acks, done);
    }

    /** The same for the receiver of a webhook that did not do everything before it answered. */
    public boolean callback(String id, SubscriptionReceipt receipt, List<SubscriptionAck> acks, boolean done) {
        return ack(id, false, receipt, acks, done);
    }

    private boolean ack(
            String id, boolean pull, SubscriptionReceipt receipt, List<SubscriptionAck> acks, boolean done) {
        requireId(id);
        Objects.requireNonNull(receipt, "receipt");
        if (acks.size() > SubscriptionLimits.STREAMS_MAX) {
            throw SubscriptionSpec.invalid("a call acknowledges too many streams (acks=" + acks.size() + ", acksMax="
                    + SubscriptionLimits.STREAMS_MAX + ")");
        }
        List<SubscriptionAck> all = List.copyOf(acks);
        requireToken(id, receipt.token());
        return room.wakes().write(session, (tx, wakes) -> wakes.ack(tx, id, pull, receipt, all, done));
    }

    /** Gives the lease of a worker back without having done anything more; see {@link #ack}. */
    public void release(String id, SubscriptionReceipt receipt) {
        requireId(id);
        Objects.requireNonNull(receipt, "receipt");
        requireToken(id, receipt.token());
        room.wakes().write(session, (tx, wakes) -> {
            wakes.release(tx, id, true, receipt);
            return id;
        });
    }

    /** What webhooks of the namespace are checked with; empty before its first subscription. */
    public Optional<SubscriptionKey> key() {
        return session.readOne(tx -> room.subscriptionKeys().signing(tx, tx.ns()));
    }

    /**
     * Refuses a token that was not made for this subscription, or is too old. Whether its wake is the present one is
     * found out when it is used.
     *
     * @throws SubscriptionException {@link SubscriptionException.Reason#TOKEN_INVALID},
     *     {@link SubscriptionException.Reason#TOKEN_EXPIRED}
     */
    public void requireToken(String id, String token) {
        requireId(id);
        Objects.requireNonNull(token, "token");
        // It waits for no turn to write, and makes no namespace.
        session.readOne(tx -> {
            room.wakes().requireToken(tx, id, token);
            return id;
        });
    }

    private <R> R write(Function<Tx, R> work) {
        return session.write(UnitKind.OPERATION, work);
    }

    private static void requireId(String id) {
        SubscriptionSpec.requireText("the id of a subscription", id, SubscriptionLimits.ID_BYTES_MAX);
    }
}
