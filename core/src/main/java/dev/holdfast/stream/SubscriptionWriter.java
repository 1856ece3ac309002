package dev.holdfast.stream;

import dev.holdfast.engine.Allowance;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Tx;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes subscriptions, and decides which streams belong to them, each within the transaction that it is
 * given. Whoever decides about streams first takes the namespace's turn: a stream that appears is then seen either by
 * the subscription that is made or, later, by {@link #linkNew}, and by one of them alone.
 */
final class SubscriptionWriter {
    /** Rows that one transaction of the background changes. */
    private static final int ROWS_AT_ONCE = 200;

    private final StreamRoom room;
    private final SubscriptionSql sql;
    private final SubscriptionLinks links;
    private final SubscriptionKeys keys;
    private final SecureRandom random = new SecureRandom();

    SubscriptionWriter(StreamRoom room, SubscriptionSql sql, SubscriptionLinks links, SubscriptionKeys keys) {
        this.room = room;
        this.sql = sql;
        this.links = links;
        this.keys = keys;
    }

    /** The signal of something that changed about a subscription. */
    static String topic(long number) {
        return SubscriptionRunner.TOPIC + number;
    }

    SubscriptionCreated create(Tx tx, String id, SubscriptionSpec spec, String address) {
        sql.takeTurn(tx);
        byte[] config = spec.hash();
        Optional<SubscriptionRow> have = sql.find(tx, tx.ns(), id);
        if (have.isPresent()) {
            if (!Arrays.equals(have.get().config(), config)) {
                throw new SubscriptionException(
                        SubscriptionException.Reason.EXISTS,
                        "there is a subscription of this id that was made otherwise");
            }
            return new SubscriptionCreated(false, info(tx, have.get(), ""));
        }
        requireRoom(sql.count(tx, tx.ns()));
        keys.ensure(tx);
        SubscriptionRow row = new SubscriptionRow(
                id,
                random.nextLong() >>> 1,
                new SubscriptionRow.Made(
                        spec.target(),
                        spec.pattern().orElse(null),
                        spec.lease().toMillis(),
                        spec.description().orElse(null)),
                config,
                address,
                SubscriptionRow.State.IDLE,
                0,
                null,
                null,
                SubscriptionRow.NEVER,
                0,
                tx.now());
        sql.insert(tx, tx.ns(), row);
        name(tx, row, spec.streams());
        Allowance allowance = Allowance.in(tx);
        spec.pattern().ifPresent(pattern -> linkAll(tx, row, new StreamPattern(pattern), allowance));
        tx.touched(topic(row.number()));
        tx.afterCommit(room::subscribed);
        return new SubscriptionCreated(true, info(tx, row, ""));
    }

    private static void requireRoom(int count) {
        if (count >= SubscriptionLimits.SUBSCRIPTIONS_MAX) {
            throw new InvalidInputException(
                    "subscription.too_many",
                    "the namespace has too many subscriptions (subscriptionsMax=" + SubscriptionLimits.SUBSCRIPTIONS_MAX
                            + ")");
        }
    }

    /** A subscription as it stands, with its streams behind a name. */
    SubscriptionInfo info(Tx tx, SubscriptionRow row, String after) {
        return row.info(links.page(tx, tx.ns(), row.number(), after, tx.now()));
    }

    /** Adds streams from where they end now; in the order of their names, as whoever changes several streams. */
    private void name(Tx tx, SubscriptionRow row, List<String> paths) {
        paths.stream().sorted().forEach(path -> links.name(tx, tx.ns(), row.number(), path, tx.now()));
    }

    /** Adds the streams that exist and that a pattern takes, from where they end now. */
    private void linkAll(Tx tx, SubscriptionRow row, StreamPattern pattern, Allowance allowance) {
        int found = 0;
        String after = "";
        List<StreamInfo> page;
        do {
            page = room.sql()
                    .list(tx, tx.ns(), tx.now(), new StreamSql.Page(pattern.prefix(), after, Streams.PAGE_MAX));
            allowance.spend(page.size(), 0);
            List<StreamInfo> matching = page.stream()
                    .filter(stream -> pattern.matches(stream.name()))
                    .toList();
            found += matching.size();
            if (found > SubscriptionLimits.MATCHES_MAX) {
                throw new InvalidInputException(
                        "subscription.too_many_streams",
                        "the pattern takes too many streams that exist already (streamsMax="
                                + SubscriptionLimits.MATCHES_MAX + ")");
            }
            links.add(tx, tx.ns(), row.number(), matching);
            after = page.isEmpty() ? after : page.getLast().name();
        } while (page.size() == Streams.PAGE_MAX);
    }

    /** Removes a subscription; answers whether there was one. Many links go in the background. */
    boolean delete(Tx tx, String id) {
        sql.takeTurn(tx);
        Optional<SubscriptionRow> row = sql.hold(tx, tx.ns(), id);
        if (row.isEmpty()) {
            return false;
        }
        if (links.removeSome(tx, tx.ns(), row.get().number(), ROWS_AT_ONCE) < ROWS_AT_ONCE) {
            sql.delete(tx, tx.ns(), id);
        } else {
            sql.bury(tx, tx.ns(), row.get());
        }
        return true;
    }

    /** Adds streams to a subscription by their names, from where they end now. */
    void link(Tx tx, String id, List<String> paths) {
        sql.takeTurn(tx);
        SubscriptionRow row = require(tx, id);
        if (row.made().target() instanceof SubscriptionSpec.PullWake wake && paths.contains(wake.stream())) {
            throw SubscriptionSpec.invalid("a wake stream cannot belong to its own subscription");
        }
        // Those whom the pattern has taken, or who were named before, stay where they are.
        name(tx, row, paths);
        if (links.countNamed(tx, tx.ns(), row.number()) > SubscriptionLimits.NAMED_MAX) {
            throw new InvalidInputException(
                    "subscription.too_many_streams",
                    "the subscription names too many streams (streamsMax=" + SubscriptionLimits.NAMED_MAX + ")");
        }
        tx.touched(topic(row.number()));
    }

    /** Takes a stream from a subscription, unless its pattern keeps it. */
    void unlink(Tx tx, String id, String path) {
        sql.takeTurn(tx);
        SubscriptionRow row = require(tx, id);
        @Nullable String pattern = row.made().pattern();
        boolean known = links.find(tx, tx.ns(), row.number(), path, tx.now())
                .filter(SubscriptionLink::named)
                .isPresent();
        if (known && pattern != null && new StreamPattern(pattern).matches(path)) {
            links.unname(tx, tx.ns(), row.number(), path);
        } else if (known) {
            links.remove(tx, tx.ns(), row.number(), path);
        }
    }

    private SubscriptionRow require(Tx tx, String id) {
        return sql.hold(tx, tx.ns(), id).orElseThrow(SubscriptionWriter::notFound);
    }

    static SubscriptionException notFound() {
        return new SubscriptionException(SubscriptionException.Reason.NOT_FOUND, "there is no such subscription");
    }

    /** Whether there are streams to be compared with patterns. */
    boolean hasNew(Tx tx) {
        return links.anyUnseen(tx, tx.ns());
    }

    /**
     * Compares streams that have appeared with the patterns of all subscriptions; those that are taken begin before
     * their beginning. Answers whether there may be more.
     */
    boolean linkNew(Tx tx) {
        sql.takeTurn(tx);
        List<SubscriptionLinks.Unseen> unseen = links.unseen(tx, tx.ns(), ROWS_AT_ONCE);
        List<SubscriptionSql.Pattern> patterns = unseen.isEmpty() ? List.of() : sql.patterns(tx, tx.ns());
        // Before they are linked: whoever removes one afterwards removes its links. In the order of their names, so
        // that
        // two who change several streams do not wait for each other.
        links.see(
                tx,
                tx.ns(),
                unseen.stream().map(SubscriptionLinks.Unseen::name).sorted().toList());
        for (SubscriptionLinks.Unseen stream : unseen) {
            for (SubscriptionSql.Pattern pattern : patterns) {
                if (stream.alive() && pattern.pattern().matches(stream.name())) {
                    links.addNew(tx, tx.ns(), pattern.subscription(), stream.name());
                    tx.touched(topic(pattern.subscription()));
                }
            }
        }
        return unseen.size() == ROWS_AT_ONCE;
    }

    /** Removes some links of subscriptions that are no more; answers whether there may be others. */
    boolean sweep(Tx tx) {
        List<Long> buried = sql.buried(tx, tx.ns(), 1);
        for (long number : buried) {
            if (links.removeSome(tx, tx.ns(), number, ROWS_AT_ONCE) < ROWS_AT_ONCE) {
                sql.remove(tx, tx.ns(), number);
            }
        }
        return !buried.isEmpty();
    }
}
