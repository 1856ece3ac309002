package dev.holdfast.stream;

import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

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

    private static final String EXTENTS = "select s.name, s.tail from {p}stream_heads s left join (select stream,"
            + " min(start) as lowest, max(start + units) as highest from {p}stream_data where ns = ? group by stream) d"
            + " on d.stream = s.id where s.ns = ? and (" + units("coalesce(d.highest, " + BEGIN + ")") + " <> "
            + units("s.tail") + " or coalesce(d.highest, 0) > s.tail or coalesce(d.lowest, s.fork_at) < s.fork_at or "
            + units("coalesce(d.lowest, s.fork_at)") + " > " + units(BEGIN) + ") limit ?";
    private static final String FORKS = "select s.name, s.forks from {p}streams s where s.ns = ? and s.forks <>"
            + " (select count(*) from {p}streams f where f.ns = s.ns and f.source = s.id) limit ?";
    private static final String SOURCES =
            "select f.name, f.fork_at from {p}streams f where f.ns = ? and f.source is not"
                    + " null and not exists (select 1 from {p}stream_heads s where s.ns = f.ns and s.id = f.source"
                    + " and s.tail >= f.fork_at) limit ?";
    private static final String KEPT =
            "select name, forks from {p}streams where ns = ? and state = 1 and forks = 0" + " limit ?";
    private static final String STRAYS = "select stream, count(*) from {p}%s d where ns = ? and not exists (select 1"
            + " from {p}streams s where s.ns = d.ns and s.id = d.stream) and not exists (select 1 from"
            + " {p}stream_garbage g where g.ns = d.ns and g.stream = d.stream) group by stream limit ?";
    private static final String LINKS = "select subscription, count(*) from {p}stream_links l where ns = ?"
            + " and not exists (select 1 from {p}stream_subscriptions b where b.ns = l.ns"
            + " and b.number = l.subscription) group by subscription limit ?";
    private static final String SEALED_ROWS = "select s.name, s.content_type, d.start, d.units, octet_length(d.data),"
            + " d.ends from {p}stream_data d join {p}streams s on s.ns = d.ns and s.id = d.stream"
            + " where d.ns = ? and d.events >= 2 order by d.stream, d.start";
    private static final String SEALED =
            "select name, sealed from {p}stream_heads where ns = ? and sealed > tail limit ?";
    private static final String BEYOND = "select l.path, l.acked from {p}stream_links l join {p}stream_heads s"
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
    public static List<String> tables() {
        return List.of(
                "{p}streams",
                "{p}stream_data",
                "{p}stream_producers",
                "{p}stream_garbage",
                "{p}stream_retention",
                "{p}stream_marks",
                "{p}stream_subscriptions",
                "{p}stream_links",
                "{p}stream_link_turns",
                "{p}stream_keys");
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
        doctor.tell(SEALED, "more of a stream is sealed than it holds", "name", "sealed", ns, Examination.PAGE);
        doctor.examineSealedRows(ns);
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

    /** Tells of rows that say of the appends in them what their content is not. */
    private void examineSealedRows(int ns) {
        try (Stream<SealedRow> rows = at.tx().iterate(tables.sql(SEALED_ROWS), SealedRow::read, ns)) {
            rows.filter(row -> !row.fits())
                    .limit(Examination.PAGE)
                    .forEach(row -> at.fault(
                            "a row does not hold the appends that it names", "name", row.name, "start", row.start));
        }
    }

    /** What a row says of the appends in it. */
    private record SealedRow(String name, boolean json, long start, long units, long bytes, byte[] ends) {
        static SealedRow read(ResultSet row) throws SQLException {
            byte[] ends = row.getBytes(6);
            return new SealedRow(
                    row.getString(1),
                    ContentTypes.isJson(row.getString(2)),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    ends == null ? new byte[0] : ends);
        }

        boolean fits() {
            return StreamPieces.fit(ends, json, units, bytes);
        }
    }

    /** Tells of each row that a query finds. */
    private void tell(String query, String fault, String one, String other, Object... args) {
        at.tx()
                .list(tables.sql(query), row -> List.of(row.getString(1), row.getLong(2)), args)
                .forEach(row -> at.fault(fault, one, row.getFirst(), other, row.getLast()));
    }
}
