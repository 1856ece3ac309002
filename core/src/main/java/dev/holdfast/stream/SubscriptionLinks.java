package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements about the streams of subscriptions. */
final class SubscriptionLinks {
    private static final String JOINED = "select l.path, l.named, l.acked, coalesce(s.tail, 0), coalesce(s.id, 0)"
            + " from {p}stream_links l"
            + " left join {p}stream_heads s on s.ns = l.ns and s.name = l.path and s.state = 0"
            + " and (s.expires_at is null or s.expires_at > ?) where l.ns = ? and l.subscription = ?";
    private static final String PENDING = " and " + SubscriptionSql.HOLDS + " > 0 and s.tail > l.acked";
    private static final String REST =
            " and (s.tail is null or " + SubscriptionSql.HOLDS + " = 0 or s.tail <= l.acked)";

    private final String find;
    private final String page;
    private final String pending;
    private final String rest;
    private final String countNamed;
    private final String add;
    private final String addNew;
    private final String tail;
    private final String name;
    private final String unname;
    private final String advance;
    private final String remove;
    private final String removeStream;
    private final String removeSome;
    private final String unseen;
    private final String anyUnseen;
    private final String see;

    SubscriptionLinks(Database database) {
        Tables tables = database.tables();
        find = tables.sql(JOINED + " and l.path = ?");
        page = tables.sql(JOINED + " and l.path > ? order by l.path limit ?");
        pending = tables.sql(JOINED + PENDING + " order by l.path limit ?");
        rest = tables.sql(JOINED + REST + " order by l.path limit ?");
        countNamed = tables.sql("select count(*) from {p}stream_links where ns = ? and subscription = ? and named = 1");
        // Whoever removes a stream removes its links, so it must not be removed between a look at it and its link.
        String keep = database.dialect() == Dialect.POSTGRES ? " for key share" : "";
        String taken = " from {p}stream_heads where ns = ? and name = ? and state = 0" + keep
                + " on conflict (ns, subscription, path) do nothing";
        String insert = "insert into {p}stream_links (ns, subscription, path, named, acked)";
        addNew = tables.sql(insert + " select ns, ?, name, 0, ?" + taken);
        add = tables.sql(insert + " select ns, ?, name, 0, tail" + taken);
        tail = tables.sql("select tail from {p}stream_heads where ns = ? and name = ? and state = 0"
                + " and (expires_at is null or expires_at > ?)" + keep);
        name = tables.sql("insert into {p}stream_links (ns, subscription, path, named, acked) values (?, ?, ?, 1, ?)"
                + " on conflict (ns, subscription, path) do update set named = 1");
        unname = tables.sql("update {p}stream_links set named = 0 where ns = ? and subscription = ? and path = ?");
        advance = tables.sql("update {p}stream_links set acked = ? where ns = ? and subscription = ? and path = ?"
                + " and acked < ?");
        remove = tables.sql("delete from {p}stream_links where ns = ? and subscription = ? and path = ?");
        removeStream = tables.sql("delete from {p}stream_links where ns = ? and path = ?");
        removeSome = tables.sql("delete from {p}stream_links where ns = ? and subscription = ? and path in"
                + " (select path from {p}stream_links where ns = ? and subscription = ? limit ?)");
        unseen = tables.sql("select name, state from {p}streams where ns = ? and seen = 0 order by id desc limit ?");
        anyUnseen = tables.sql("select 1 from {p}streams where ns = ? and seen = 0 limit 1");
        see = tables.sql("update {p}streams set seen = 1 where ns = ? and name = ?");
    }

    /** A stream of a subscription. */
    Optional<SubscriptionLink> find(Sql sql, int ns, long subscription, String path, long now) {
        return sql.first(find, SubscriptionLinks::link, now, ns, subscription, path);
    }

    /** Streams of a subscription in the order of their names. */
    Page page(Sql sql, int ns, long subscription, String after, long now) {
        int limit = SubscriptionLimits.TOLD_MAX;
        List<SubscriptionLink> links = sql.list(page, SubscriptionLinks::link, now, ns, subscription, after, limit + 1);
        return links.size() > limit ? new Page(links.subList(0, limit), true) : new Page(links, false);
    }

    /** Streams of a subscription in which there is something; looks through all of its streams when those are few. */
    List<SubscriptionLink> pending(Sql sql, int ns, long subscription, long now, int limit) {
        return sql.list(pending, SubscriptionLinks::link, now, ns, subscription, limit);
    }

    /** How many streams of a subscription were named. */
    int countNamed(Sql sql, int ns, long subscription) {
        return sql.first(countNamed, row -> row.getInt(1), ns, subscription).orElseThrow();
    }

    /** Streams in which there is something, and others of the subscription behind them as far as there is room. */
    List<SubscriptionLink> filled(Sql sql, int ns, long subscription, long now, List<SubscriptionLink> first) {
        int left = SubscriptionLimits.TOLD_MAX - first.size();
        List<SubscriptionLink> links = new ArrayList<>(first);
        if (left > 0) {
            links.addAll(sql.list(rest, SubscriptionLinks::link, now, ns, subscription, left));
        }
        return links;
    }

    /** Adds streams that a pattern takes from where they end now, unless they are there or are no more. */
    void add(Sql sql, int ns, long subscription, List<StreamInfo> streams) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        streams.forEach(stream -> rows.add(new @Nullable Object[] {subscription, ns, stream.name()}));
        sql.execAll(add, rows);
    }

    /** Adds a stream that a pattern takes from before its beginning, unless it is there or is no more. */
    void addNew(Sql sql, int ns, long subscription, String path) {
        sql.exec(addNew, subscription, DurableStream.BEGINNING, ns, path);
    }

    /** Adds a stream by its name from where it ends now; one that is there stays where it is. */
    void name(Sql sql, int ns, long subscription, String path, long now) {
        long acked = sql.first(tail, row -> row.getLong(1), ns, path, now).orElse(0L);
        sql.exec(name, ns, subscription, path, acked);
    }

    /** Keeps a stream for the pattern alone. */
    void unname(Sql sql, int ns, long subscription, String path) {
        sql.exec(unname, ns, subscription, path);
    }

    /** Notes how far a stream was processed, if that is further than before. */
    void advance(Sql sql, int ns, long subscription, String path, long acked) {
        sql.exec(advance, acked, ns, subscription, path, acked);
    }

    void remove(Sql sql, int ns, long subscription, String path) {
        sql.exec(remove, ns, subscription, path);
    }

    /** Removes a stream from all subscriptions. */
    void removeStream(Sql sql, int ns, String path) {
        sql.exec(removeStream, ns, path);
    }

    /** Removes streams of a subscription, so many at most; answers how many. */
    int removeSome(Sql sql, int ns, long subscription, int rowsMax) {
        return sql.exec(removeSome, ns, subscription, ns, subscription, rowsMax);
    }

    /** Streams that nobody has compared with patterns yet, the newest first. */
    List<Unseen> unseen(Sql sql, int ns, int limit) {
        return sql.list(unseen, row -> new Unseen(row.getString(1), row.getInt(2) == 0), ns, limit);
    }

    boolean anyUnseen(Sql sql, int ns) {
        return sql.first(anyUnseen, row -> true, ns).isPresent();
    }

    /** Notes that streams were compared with all patterns, and keeps them from being removed meanwhile. */
    void see(Sql sql, int ns, List<String> names) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        names.forEach(stream -> rows.add(new @Nullable Object[] {ns, stream}));
        sql.execAll(see, rows);
    }

    private static SubscriptionLink link(ResultSet row) throws SQLException {
        return new SubscriptionLink(
                row.getString(1), row.getInt(2) != 0, row.getLong(3), row.getLong(4), row.getLong(5));
    }

    /** Some streams of a subscription. */
    record Page(List<SubscriptionLink> links, boolean more) {}

    /** A stream that nobody has compared with patterns yet. */
    record Unseen(String name, boolean alive) {}
}
