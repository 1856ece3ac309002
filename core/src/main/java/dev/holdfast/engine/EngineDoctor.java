package dev.holdfast.engine;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Examines what all rooms share: namespaces, the change log, and that every row belongs to a namespace. */
public final class EngineDoctor {
    /** The name under which findings about the shared tables stand. */
    public static final String NAME = "engine";

    private static final List<String> TABLES = List.of("{p}usage", "{p}changes");

    private EngineDoctor() {}

    /** The tables of the engine layer that have a namespace. */
    public static List<String> tables() {
        return TABLES;
    }

    /**
     * Examines what belongs to no single namespace.
     *
     * @param tables names of all tables whose rows belong to a namespace, with <code>{p}</code> for the prefix
     * @param out is told each finding
     */
    public static void examineStore(Database database, List<String> tables, Consumer<Finding> out) {
        database.engine().read(unit -> {
            long horizon = database.versionstamps().floor(unit);
            namespaces(unit, database.tables(), horizon, out);
            tables.forEach(table -> strays(unit, database.tables(), table, out));
            return horizon;
        });
    }

    /**
     * Examines the change log of a namespace.
     *
     * @param rooms the rooms that write to it
     */
    public static void examine(Examination at, Set<String> rooms) {
        Tables tables = at.tx().database().tables();
        long floor = at.tx()
                .first(
                        tables.sql("select changes_floor from {p}namespaces where ns = ?"),
                        row -> row.getLong(1),
                        at.tx().ns())
                .orElse(0L);
        ChangeOrder order = new ChangeOrder(at, floor, rooms);
        try (Stream<Line> lines = at.tx()
                .iterate(
                        tables.sql("select versionstamp, n, room, op from {p}changes where ns = ?"
                                + " order by versionstamp, n"),
                        row -> new Line(row.getLong(1), row.getInt(2), row.getString(3), row.getInt(4)),
                        at.tx().ns())) {
            lines.forEach(order::next);
        }
    }

    private static void namespaces(Sql sql, Tables tables, long horizon, Consumer<Finding> out) {
        boolean[] hasDefault = new boolean[1];
        sql.list(tables.sql("select name, ns, deleted_at is not null, changes_floor from {p}namespaces"), row -> {
            String name = row.getString(1);
            int ns = row.getInt(2);
            hasDefault[0] |= name.equals(Namespaces.DEFAULT) && ns == 1;
            if (ns < 1) {
                out.accept(Finding.fault(NAME, "a namespace has no number (ns=" + ns + ")"));
            }
            // One that has a name all the same is being deleted.
            if (!Namespaces.isName(name) && !row.getBoolean(3)) {
                out.accept(Finding.fault(NAME, "a namespace is named like another kind of one (ns=" + ns + ")"));
            }
            if (row.getLong(4) >= horizon) {
                out.accept(Finding.fault(
                        NAME, "the change log was pruned up to a versionstamp never handed out (ns=" + ns + ")"));
            }
            return ns;
        });
        if (!hasDefault[0]) {
            out.accept(Finding.fault(NAME, "the namespace default with the number 1 is missing"));
        }
    }

    private static void strays(Sql sql, Tables tables, String table, Consumer<Finding> out) {
        sql.list(
                        tables.sql("select ns, count(*) from " + table
                                + " where ns not in (select ns from {p}namespaces) group by ns order by ns"),
                        row -> "rows belong to a namespace that does not exist (table=" + tables.sql(table) + ", ns="
                                + row.getInt(1) + ", rows=" + row.getLong(2) + ")")
                .forEach(text -> out.accept(Finding.fault(NAME, text)));
    }

    /** A line of the change log without its id. */
    private record Line(long versionstamp, int n, String room, int op) {}

    /** Walks along the change log of a namespace. */
    private static final class ChangeOrder {
        private final Examination at;
        private final long floor;
        private final Set<String> rooms;
        private long commit = -1;
        private int n = -1;

        ChangeOrder(Examination at, long floor, Set<String> rooms) {
            this.at = at;
            this.floor = floor;
            this.rooms = rooms;
        }

        void next(Line line) {
            long versionstamp = line.versionstamp;
            // A large commit is pruned in several batches; what is left of one begins anywhere.
            boolean leftOver = versionstamp == floor && versionstamp != commit;
            int expected = versionstamp == commit ? n + 1 : leftOver ? line.n : 0;
            if (versionstamp < commit || line.n != expected) {
                at.fault(
                        "the change log has a gap or is out of order",
                        "versionstamp",
                        versionstamp,
                        "n",
                        line.n,
                        "expected",
                        expected);
            }
            if (versionstamp < floor) {
                at.fault("the change log holds what was pruned", "versionstamp", versionstamp, "floor", floor);
            }
            at.requireHandedOut(versionstamp, "table", "changes");
            if (!rooms.contains(line.room)) {
                at.fault("the change log names an unknown room", "versionstamp", versionstamp, "room", line.room);
            }
            if (line.op < 0 || line.op >= Change.Kind.values().length) {
                at.fault("the change log names an unknown operation", "versionstamp", versionstamp, "op", line.op);
            }
            commit = versionstamp;
            n = line.n;
        }
    }
}
