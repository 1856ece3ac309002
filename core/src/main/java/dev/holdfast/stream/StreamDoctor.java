package dev.holdfast.stream;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * Examines the streams of a namespace with a few queries over all rows: appends lie one behind the other from where a
 * stream begins to its tail, sources are there and know their forks, and no row belongs to a stream that is no more.
 */
public final class StreamDoctor {
    private static final String ROWS = "select stream, start, units, lag(start + units) over (partition by stream"
            + " order by start) as before from {p}stream_data where ns = ?";
    private static final String GAPS = "select stream, start from (" + ROWS + ") d where units < 1"
            + " or (before is not null and " + units("before") + " <> " + units("start") + ") limit ?";
    /** Where the rows of a stream begin at the latest. */
    private static final String BEGIN = "case when s.first > s.fork_at then s.first else s.fork_at end";

    private static final String EXTENTS = "select s.name, s.tail from {p}streams s left join (select stream,"
            + " min(start) as lowest, max(start + units) as highest from {p}stream_data where ns = ? group by stream) d"
            + " on d.stream = s.id where s.ns = ? and (" + units("coalesce(d.highest, " + BEGIN + ")") + " <> "
            + units("s.tail") + " or coalesce(d.highest, 0) > s.tail or coalesce(d.lowest, s.fork_at) < s.fork_at or "
            + units("coalesce(d.lowest, s.fork_at)") + " > " + units(BEGIN) + ") limit ?";
    private static final String FORKS = "select s.name, s.forks from {p}streams s where s.ns = ? and s.forks <>"
            + " (select count(*) from {p}streams f where f.ns = s.ns and f.source = s.id) limit ?";
    private static final String SOURCES =
            "select f.name, f.fork_at from {p}streams f where f.ns = ? and f.source is not"
                    + " null and not exists (select 1 from {p}streams s where s.ns = f.ns and s.id = f.source"
                    + " and s.tail >= f.fork_at) limit ?";
    private static final String KEPT =
            "select name, forks from {p}streams where ns = ? and state = 1 and forks = 0" + " limit ?";
    private static final String STRAYS = "select stream, count(*) from {p}%s d where ns = ? and not exists (select 1"
            + " from {p}streams s where s.ns = d.ns and s.id = d.stream) and not exists (select 1 from"
            + " {p}stream_garbage g where g.ns = d.ns and g.stream = d.stream) group by stream limit ?";
    private static final String LINKS = "select subscription, count(*) from {p}stream_links l where ns = ?"
            + " and not exists (select 1 from {p}stream_subscriptions b where b.ns = l.ns"
            + " and b.number = l.subscription) group by subscription limit ?";
    private static final String BEYOND = "select l.path, l.acked from {p}stream_links l join {p}streams s"
            + " on s.ns = l.ns and s.name = l.path where l.ns = ? and l.acked > s.tail limit ?";

    private static String units(String offset) {
        return "((" + offset + ") & " + StreamOffset.UNITS_MAX + ")";
    }

    private final Examination at;
    private final Tables tables;

    private StreamDoctor(Examination at) {
        this.at = at;
        this.tables = at.tx().database().tables();
    }

    /** The tables of the room whose rows belong to a namespace. */
    public static List<String> tables(Database database) {
        List<String> names = new ArrayList<>(List.of(
                "{p}streams",
                "{p}stream_data",
                "{p}stream_producers",
                "{p}stream_garbage",
                "{p}stream_retention",
                "{p}stream_marks",
                "{p}stream_subscriptions",
                "{p}stream_links",
                "{p}stream_link_turns",
                "{p}stream_keys"));
        if (database.dialect() == Dialect.SQLITE) {
            names.add("{p}stream_numbers");
        }
        return names;
    }

    /** Examines a namespace. */
    public static void examine(Examination at) {
        StreamDoctor doctor = new StreamDoctor(at);
        int ns = at.tx().ns();
        doctor.tell(GAPS, "the appends of a stream do not follow each other", "stream", "start", ns, Examination.PAGE);
        doctor.tell(
                EXTENTS, "a stream does not hold what lies before its tail", "name", "tail", ns, ns, Examination.PAGE);
        doctor.tell(FORKS, "a stream does not know its forks", "name", "forks", ns, Examination.PAGE);
        doctor.tell(SOURCES, "a fork has no source that reaches up to it", "name", "forkAt", ns, Examination.PAGE);
        doctor.tell(KEPT, "a stream is kept for forks that it does not have", "name", "forks", ns, Examination.PAGE);
        doctor.tell(LINKS, "streams belong to no subscription", "subscription", "rows", ns, Examination.PAGE);
        doctor.tell(BEYOND, "more was acknowledged of a stream than it holds", "path", "acked", ns, Examination.PAGE);
        for (String table : List.of("stream_data", "stream_producers")) {
            doctor.tell(
                    STRAYS.formatted(table),
                    "there are rows of a stream that is no more (table=" + table + ")",
                    "stream",
                    "rows",
                    ns,
                    Examination.PAGE);
        }
    }

    /** Tells of each row that a query finds. */
    private void tell(String query, String fault, String one, String other, Object... args) {
        at.tx()
                .list(tables.sql(query), row -> List.of(row.getString(1), row.getLong(2)), args)
                .forEach(row -> at.fault(fault, one, row.getFirst(), other, row.getLast()));
    }
}
