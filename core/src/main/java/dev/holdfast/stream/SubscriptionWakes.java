package dev.holdfast.stream;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.json.Json;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is woken and who may acknowledge, each within the transaction that it is given. The row of the subscription is
 * held first, so of several processes that want to wake, claim or end a lease one comes first, and the others see it.
 *
 * <p>That there is something to do stands nowhere but in the tables of streams: a stream ends behind what was
 * acknowledged. So no wake is lost with a process, however it ends.
 */
final class SubscriptionWakes {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionWakes.class);
    private static final String QUOTA = "namespace.quota";
    private static final int WAKE_ID_BYTES = 16;

    private final StreamRoom room;
    private final SubscriptionSql sql;
    private final SubscriptionLinks links;
    private final SubscriptionTokens tokens;
    private final boolean announces;
    private final SecureRandom random = new SecureRandom();

    SubscriptionWakes(StreamRoom room, SubscriptionSql sql, SubscriptionLinks links, SubscriptionTokens tokens) {
        this(room, sql, links, tokens, true);
    }

    private SubscriptionWakes(
            StreamRoom room,
            SubscriptionSql sql,
            SubscriptionLinks links,
            SubscriptionTokens tokens,
            boolean announces) {
        this.room = room;
        this.sql = sql;
        this.links = links;
        this.tokens = tokens;
        this.announces = announces;
    }

    /**
     * Runs something in a transaction; when the quota has no room for the event that it writes into a wake stream,
     * once more without it. The event is tried again later, and an acknowledgement is not refused for it.
     */
    <R> R write(Session session, BiFunction<Tx, SubscriptionWakes, R> work) {
        try {
            return session.write(UnitKind.OPERATION, tx -> work.apply(tx, this));
        } catch (InvalidInputException e) {
            if (!e.code().equals(QUOTA)) {
                throw e;
            }
            LOG.debug("the quota has no room for the event of a wake", e);
            SubscriptionWakes silent = new SubscriptionWakes(room, sql, links, tokens, false);
            return session.write(UnitKind.OPERATION, tx -> work.apply(tx, silent));
        }
    }

    /**
     * Wakes a subscription if nobody has it and there is something to do, anew if nobody has claimed it in time. For
     * workers who claim that is an event in their stream; for a webhook the answer is what is to be sent, under a
     * lease.
     */
    Optional<Sending> wake(Tx tx, String id) {
        @Nullable
        SubscriptionRow row = sql.hold(tx, tx.ns(), id)
                .filter(have -> have.wakeable(tx.now()))
                .orElse(null);
        if (row == null) {
            return Optional.empty();
        }
        List<SubscriptionLink> work = pending(tx, row, row.pull() ? 1 : SubscriptionLimits.TOLD_MAX);
        if (work.isEmpty()) {
            if (row.dueAt() != SubscriptionRow.NEVER) {
                sql.update(tx, tx.ns(), row.idle());
            }
            return Optional.empty();
        }
        if (row.made().target() instanceof SubscriptionSpec.Webhook webhook) {
            SubscriptionRow next = row.awoken(newWakeId(), tx.now()).leased(null, tx.now());
            sql.update(tx, tx.ns(), next);
            return Optional.of(new Sending(next, webhook.url(), told(tx, next, work)));
        }
        announce(tx, row, work.getFirst().path());
        return Optional.empty();
    }

    /** Streams in which there is something. */
    private List<SubscriptionLink> pending(Tx tx, SubscriptionRow row, int limit) {
        return links.pending(tx, tx.ns(), row.number(), tx.now(), limit);
    }

    private String newWakeId() {
        byte[] bytes = new byte[WAKE_ID_BYTES];
        random.nextBytes(bytes);
        return "w_" + HexFormat.of().formatHex(bytes);
    }

    private SubscriptionWake told(Tx tx, SubscriptionRow row, List<SubscriptionLink> work) {
        String wakeId = wakeId(row);
        return new SubscriptionWake(
                row.id(),
                wakeId,
                row.generation(),
                tokens.token(tx, row.id(), wakeId),
                links.filled(tx, tx.ns(), row.number(), tx.now(), work),
                Duration.ofMillis(row.made().leaseMillis()));
    }

    private static String wakeId(SubscriptionRow row) {
        if (row.wakeId() == null) {
            throw new IllegalStateException("a subscription that is awake has the id of its wake");
        }
        return row.wakeId();
    }

    /** Writes the event of a wake into its stream, in the same transaction; tried again later when that refuses it. */
    private void announce(Tx tx, SubscriptionRow row, String path) {
        if (!(row.made().target() instanceof SubscriptionSpec.PullWake target)) {
            throw new IllegalStateException("only wakes that are claimed are announced");
        }
        if (!announces) {
            sql.update(tx, tx.ns(), row.postponed(SubscriptionRow.State.IDLE, tx.now()));
            return;
        }
        SubscriptionRow next = row.awoken(newWakeId(), tx.now());
        byte[] event = Json.bytes(Json.mapper()
                .createObjectNode()
                .put("type", "wake")
                .put("subscription_id", row.id())
                .put("stream", path)
                .put("generation", next.generation())
                .put("ts", tx.now()));
        try {
            room.writer()
                    .append(
                            tx,
                            target.stream(),
                            StreamAppend.of(event).as(StreamSpec.JSON),
                            new AppendContent(event, 1));
            sql.update(tx, tx.ns(), next);
        } catch (StreamException e) {
            // It is missing, closed, or holds something else: nothing was written, and workers may claim all the same.
            LOG.debug("a wake stream has refused an event (subscription={})", row.id(), e);
            sql.update(tx, tx.ns(), row.postponed(SubscriptionRow.State.IDLE, tx.now()));
        }
    }

    /** Gives the lease to a worker. */
    Claim claim(Tx tx, String id, String worker) {
        SubscriptionRow row = sql.hold(tx, tx.ns(), id).orElseThrow(SubscriptionWriter::notFound);
        requireKind(row, true);
        if (row.held(tx.now())) {
            String holder = row.holder() == null ? "" : row.holder();
            return new Claim(
                    null,
                    new SubscriptionException(
                            SubscriptionException.Reason.ALREADY_CLAIMED,
                            "another worker has claimed the subscription",
                            holder,
                            row.generation()));
        }
        List<SubscriptionLink> work = pending(tx, row, SubscriptionLimits.TOLD_MAX);
        if (work.isEmpty()) {
            if (row.state() != SubscriptionRow.State.IDLE) {
                // What was announced is no more, and the next wake must be announced anew.
                sql.update(tx, tx.ns(), row.idle());
            }
            return new Claim(
                    null,
                    new SubscriptionException(
                            SubscriptionException.Reason.NO_PENDING_WORK,
                            "there is nothing to do for the subscription"));
        }
        SubscriptionRow woken =
                row.state() == SubscriptionRow.State.ANNOUNCED ? row : row.awoken(newWakeId(), tx.now());
        SubscriptionRow next = woken.leased(worker, tx.now()).reached();
        sql.update(tx, tx.ns(), next);
        // Others wait for the end of this lease.
        tx.touched(SubscriptionWriter.topic(row.number()));
        return new Claim(told(tx, next, work), null);
    }

    /**
     * Notes how far streams were processed, all or none, and gives the lease back or extends it.
     *
     * @param pull whether it comes from a worker who has claimed
     * @return whether there is more, and somebody will be woken
     */
    boolean ack(Tx tx, String id, boolean pull, SubscriptionReceipt receipt, List<SubscriptionAck> acks, boolean done) {
        SubscriptionRow row = holding(tx, id, pull, receipt);
        Map<String, Long> offsets = new LinkedHashMap<>();
        acks.forEach(ack -> offsets.merge(ack.path(), ack.offset(), Math::max));
        for (SubscriptionAck ack : acks) {
            requireNext(links.find(tx, tx.ns(), row.number(), ack.path(), tx.now()), ack.offset());
        }
        offsets.forEach((path, offset) -> links.advance(tx, tx.ns(), row.number(), path, offset));
        if (done) {
            return release(tx, row);
        }
        sql.update(tx, tx.ns(), row.extended(tx.now()));
        return false;
    }

    private static void requireNext(Optional<SubscriptionLink> link, long offset) {
        if (link.isEmpty()
                || offset < 0
                || offset < link.get().acked()
                || offset > Math.max(link.get().tail(), 0)) {
            throw new SubscriptionException(
                    SubscriptionException.Reason.INVALID_OFFSET,
                    "an acknowledgement is of no stream of the subscription, or of an offset before the last one or"
                            + " beyond the tail");
        }
    }

    /** Refuses a token that is none, before anybody waits for a turn to write. */
    void requireToken(Tx tx, String id, String token) {
        tokens.requireWake(tx, id, token);
    }

    /** Gives a lease back. */
    void release(Tx tx, String id, boolean pull, SubscriptionReceipt receipt) {
        release(tx, holding(tx, id, pull, receipt));
    }

    private boolean release(Tx tx, SubscriptionRow row) {
        SubscriptionRow idle = row.idle();
        List<SubscriptionLink> work = pending(tx, row, 1);
        if (!work.isEmpty() && row.pull()) {
            announce(tx, idle, work.getFirst().path());
        } else {
            sql.update(tx, tx.ns(), idle);
        }
        tx.touched(SubscriptionWriter.topic(row.number()));
        return !work.isEmpty();
    }

    /** The row of whoever shows the receipt of the present wake. */
    private SubscriptionRow holding(Tx tx, String id, boolean pull, SubscriptionReceipt receipt) {
        String wakeId = tokens.requireWake(tx, id, receipt.token());
        SubscriptionRow row = sql.hold(tx, tx.ns(), id).orElseThrow(SubscriptionWriter::notFound);
        requireKind(row, pull);
        boolean present = wakeId.equals(receipt.wakeId())
                && wakeId.equals(row.wakeId())
                && receipt.generation() == row.generation()
                && row.held(tx.now());
        if (!present) {
            throw new SubscriptionException(
                    SubscriptionException.Reason.FENCED, "the wake is over, and others may have been woken since");
        }
        return row;
    }

    private static void requireKind(SubscriptionRow row, boolean pull) {
        if (row.pull() != pull) {
            throw new InvalidInputException(
                    "subscription.type",
                    row.pull() ? "the subscription is claimed by workers" : "the subscription calls a webhook");
        }
    }

    /** A webhook has answered that everything it was told of is done. */
    void done(Tx tx, SubscriptionWake wake) {
        sql.hold(tx, tx.ns(), wake.subscription())
                .filter(row -> isOf(row, wake) && row.held(tx.now()))
                .ifPresent(row -> {
                    wake.links().stream().filter(SubscriptionLink::pending).forEach(link -> advance(tx, row, link));
                    release(tx, row);
                });
    }

    /** Notes that a stream was processed as far as a wake told, if it is not another one of the name by now. */
    private void advance(Tx tx, SubscriptionRow row, SubscriptionLink told) {
        links.find(tx, tx.ns(), row.number(), told.path(), tx.now())
                .filter(link -> link.stream() == told.stream())
                .ifPresent(link -> links.advance(tx, tx.ns(), row.number(), told.path(), told.tail()));
    }

    /** A webhook has taken the wake, and will call back. */
    void taken(Tx tx, SubscriptionWake wake) {
        sql.hold(tx, tx.ns(), wake.subscription())
                .filter(row -> isOf(row, wake) && row.failed())
                .ifPresent(row -> sql.update(tx, tx.ns(), row.reached()));
    }

    /** A webhook was not reached, or has refused. */
    void failed(Tx tx, SubscriptionWake wake) {
        sql.hold(tx, tx.ns(), wake.subscription())
                .filter(row -> isOf(row, wake))
                .ifPresent(row -> {
                    sql.update(tx, tx.ns(), row.postponed(SubscriptionRow.State.LEASED, tx.now()));
                    tx.touched(SubscriptionWriter.topic(row.number()));
                });
    }

    private static boolean isOf(SubscriptionRow row, SubscriptionWake wake) {
        return wake.wakeId().equals(row.wakeId());
    }

    /** What is to be sent to a webhook. */
    record Sending(SubscriptionRow row, String url, SubscriptionWake wake) {}

    /** What a claim came to; a refusal is told after the commit, since it may have changed something. */
    record Claim(@Nullable SubscriptionWake wake, @Nullable SubscriptionException refusal) {}
}
