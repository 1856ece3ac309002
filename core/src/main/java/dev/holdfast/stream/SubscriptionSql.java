package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The statements about subscriptions themselves; {@link SubscriptionLinks} has those about their streams. */
final class SubscriptionSql {
    /** How many units a stream has ever held. */
    static final String HOLDS = "(s.tail & " + StreamOffset.UNITS_MAX + ")";

    private static final String COLUMNS = "id, number, type, target, pattern, lease, description, config, address,"
            + " state, generation, wake_id, holder, due_at, attempts, created_at";
    /** What is no more has an id before all others. */
    private static final String GRAVE = "\u0001";

    private static final int WEBHOOK = 0;
    private static final int PULL_WAKE = 1;

    private final String find;
    private final String hold;
    private final String count;
    private final String insert;
    private final String update;
    private final String delete;
    private final String bury;
    private final String buried;
    private final String remove;
    private final String patterns;
    private final String due;
    private final String nextDue;
    private final String pendingOne;
    private final String pendingOf;
    private final String pendingAll;
    private final String turn;
    private final String places;

    SubscriptionSql(Database database) {
        Tables tables = database.tables();
        String lock = database.dialect() == Dialect.POSTGRES ? " for update" : "";
        find = tables.sql("select " + COLUMNS + " from {p}stream_subscriptions where ns = ? and id = ?");
        hold = find + lock;
        count = tables.sql("select count(*) from {p}stream_subscriptions where ns = ? and state <> 3");
        insert = tables.sql("insert into {p}stream_subscriptions (ns, " + COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        update = tables.sql("update {p}stream_subscriptions set state = ?, generation = ?, wake_id = ?, holder = ?,"
                + " due_at = ?, attempts = ? where ns = ? and id = ?");
        delete = tables.sql("delete from {p}stream_subscriptions where ns = ? and id = ?");
        bury = tables.sql("update {p}stream_subscriptions set id = ?, state = 3, pattern = null, due_at = null"
                + " where ns = ? and id = ?");
        buried = tables.sql("select number from {p}stream_subscriptions where ns = ? and id < ' ' order by id limit ?");
        remove = tables.sql("delete from {p}stream_subscriptions where ns = ? and number = ?");
        patterns =
                tables.sql("select number, pattern from {p}stream_subscriptions where ns = ? and pattern is not null");
        due = tables.sql("select id, number, type from {p}stream_subscriptions where ns = ? and due_at is not null"
                + " and due_at <= ? order by due_at limit ?");
        nextDue = tables.sql("select min(due_at) from {p}stream_subscriptions where ns = ? and due_at is not null");
        String idle = "b.state = 0 and b.due_at is null";
        String alive =
                "s.state = 0 and (s.expires_at is null or s.expires_at > ?) and " + HOLDS + " > 0 and s.tail > l.acked";
        String names = "select distinct b.id, b.number, b.type from ";
        pendingOne = tables.sql(names + "{p}stream_heads s join {p}stream_links l on l.ns = s.ns and l.path = s.name"
                + " join {p}stream_subscriptions b on b.ns = l.ns and b.number = l.subscription"
                + " where s.ns = ? and s.id = ? and " + alive + " and " + idle);
        pendingOf = tables.sql("select b.id, b.number, b.type from {p}stream_subscriptions b where b.ns = ?"
                + " and b.number = ? and " + idle);
        // Without statistics SQLite would go through all streams of the namespace first.
        String with = database.dialect() == Dialect.POSTGRES ? "join" : "cross join";
        pendingAll = tables.sql("select b.id, b.number, b.type from {p}stream_subscriptions b where b.ns = ? and "
                + idle + " and exists (select 1 from {p}stream_links l " + with + " {p}stream_heads s on s.ns = l.ns"
                + " and s.name = l.path where l.ns = b.ns and l.subscription = b.number and " + alive + ")");
        // Held until the end of the transaction, and given up with it.
        turn = tables.sql("insert into {p}stream_link_turns (ns, turn) values (?, 1)"
                + " on conflict (ns) do update set turn = {p}stream_link_turns.turn + 1");
        places = tables.sql("select n.ns, n.name from (select distinct ns from {p}stream_subscriptions) b"
                + " join {p}namespaces n on n.ns = b.ns where n.deleted_at is null");
    }

    Optional<SubscriptionRow> find(Sql sql, int ns, String id) {
        return sql.first(find, SubscriptionSql::row, ns, id);
    }

    /** The same, and nobody else changes it until this transaction ends. */
    Optional<SubscriptionRow> hold(Sql sql, int ns, String id) {
        return sql.first(hold, SubscriptionSql::row, ns, id);
    }

    int count(Sql sql, int ns) {
        return sql.first(count, row -> row.getInt(1), ns).orElseThrow();
    }

    void insert(Sql sql, int ns, SubscriptionRow row) {
        SubscriptionRow.Made made = row.made();
        String target = switch (made.target()) {
            case SubscriptionSpec.Webhook webhook -> webhook.url();
            case SubscriptionSpec.PullWake wake -> wake.stream();
        };
        sql.exec(
                insert,
                ns,
                row.id(),
                row.number(),
                row.pull() ? PULL_WAKE : WEBHOOK,
                target,
                made.pattern(),
                made.leaseMillis(),
                made.description(),
                row.config(),
                row.address(),
                row.state().code(),
                row.generation(),
                row.wakeId(),
                row.holder(),
                orNull(row.dueAt()),
                row.attempts(),
                row.createdAt());
    }

    /** Writes where it stands. */
    void update(Sql sql, int ns, SubscriptionRow row) {
        sql.exec(
                update,
                row.state().code(),
                row.generation(),
                row.wakeId(),
                row.holder(),
                orNull(row.dueAt()),
                row.attempts(),
                ns,
                row.id());
    }

    void delete(Sql sql, int ns, String id) {
        sql.exec(delete, ns, id);
    }

    /** Frees the id of a subscription whose links are still to be removed. */
    void bury(Sql sql, int ns, SubscriptionRow row) {
        sql.exec(bury, GRAVE + row.number(), ns, row.id());
    }

    /** Subscriptions that are no more, whose links are still to be removed. */
    List<Long> buried(Sql sql, int ns, int limit) {
        return sql.list(buried, row -> row.getLong(1), ns, limit);
    }

    void remove(Sql sql, int ns, long number) {
        sql.exec(remove, ns, number);
    }

    /** The patterns of all subscriptions that have one. */
    List<Pattern> patterns(Sql sql, int ns) {
        return sql.list(patterns, row -> new Pattern(row.getLong(1), new StreamPattern(row.getString(2))), ns);
    }

    /** Those whose lease is over, or whose next try is due. */
    List<Candidate> due(Sql sql, int ns, long now, int limit) {
        return sql.list(due, SubscriptionSql::candidate, ns, now, limit);
    }

    /** When the next one is due. */
    OptionalLong nextDue(Sql sql, int ns) {
        return sql.first(
                        nextDue,
                        row -> {
                            long at = row.getLong(1);
                            return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(at);
                        },
                        ns)
                .orElse(OptionalLong.empty());
    }

    /** Idle ones for which there is something in a stream that is known by its number. */
    List<Candidate> pendingIn(Sql sql, int ns, long stream, long now) {
        return sql.list(pendingOne, SubscriptionSql::candidate, ns, stream, now);
    }

    /** The one of a number, if it is idle. */
    List<Candidate> idle(Sql sql, int ns, long number) {
        return sql.list(pendingOf, SubscriptionSql::candidate, ns, number);
    }

    /** All idle ones for which there is something. */
    List<Candidate> pending(Sql sql, int ns, long now) {
        return sql.list(pendingAll, SubscriptionSql::candidate, ns, now);
    }

    /**
     * Takes the turn of those who decide which streams belong to which subscriptions: what one of them has committed
     * the next one sees.
     */
    void takeTurn(Tx tx) {
        tx.exec(turn, tx.ns());
    }

    /** The namespaces that have subscriptions. */
    List<Place> places(Sql sql) {
        return sql.list(places, row -> new Place(row.getInt(1), row.getString(2)));
    }

    private static @Nullable Long orNull(long dueAt) {
        return dueAt == SubscriptionRow.NEVER ? null : dueAt;
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        return new Candidate(row.getString(1), row.getLong(2), row.getInt(3) == PULL_WAKE);
    }

    private static SubscriptionRow row(ResultSet row) throws SQLException {
        String target = row.getString(4);
        long due = row.getLong(14);
        long dueAt = row.wasNull() ? SubscriptionRow.NEVER : due;
        return new SubscriptionRow(
                row.getString(1),
                row.getLong(2),
                new SubscriptionRow.Made(
                        row.getInt(3) == PULL_WAKE
                                ? new SubscriptionSpec.PullWake(target)
                                : new SubscriptionSpec.Webhook(target),
                        row.getString(5),
                        row.getLong(6),
                        row.getString(7)),
                row.getBytes(8),
                row.getString(9),
                SubscriptionRow.State.of(row.getInt(10)),
                row.getLong(11),
                row.getString(12),
                row.getString(13),
                dueAt,
                row.getInt(15),
                row.getLong(16));
    }

    /** A pattern, and the number of its subscription. */
    record Pattern(long subscription, StreamPattern pattern) {}

    /** A subscription that may have to be woken. */
    record Candidate(String id, long number, boolean pull) {}

    /** A namespace. */
    record Place(int ns, String name) {}
}
