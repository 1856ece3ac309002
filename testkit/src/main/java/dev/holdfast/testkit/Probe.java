package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Sql;
import java.util.List;

/** A table of the test's own, to see what units did: each row is a number and a text. */
final class Probe {
    private final Engine engine;

    private Probe(Engine engine) {
        this.engine = engine;
    }

    /** Makes the tables: {@code probe}, and {@code child}, whose rows need a probe row by the time of the commit. */
    static Probe in(Engine engine) {
        engine.write(unit -> {
            unit.exec("create table probe (a bigint not null primary key, b text not null)");
            return unit.exec(
                    "create table child (parent bigint not null references probe (a) deferrable initially deferred)");
        });
        return new Probe(engine);
    }

    /** The tables that {@link #in} made, seen through any engine on the same database. */
    static Probe of(Engine engine) {
        return new Probe(engine);
    }

    static int insert(Sql sql, long a) {
        return insert(sql, a, "row");
    }

    static int insert(Sql sql, long a, String b) {
        return sql.exec("insert into probe (a, b) values (?, ?)", a, b);
    }

    /** A row without the parent that it will need. */
    static int insertOrphan(Sql sql, long parent) {
        return sql.exec("insert into child (parent) values (?)", parent);
    }

    /** Drops the tables, which waits for whoever still reads them. */
    static int drop(Sql sql) {
        return sql.exec("drop table child") + sql.exec("drop table probe");
    }

    static long count(Sql sql) {
        return sql.first("select count(*) from probe", row -> row.getLong(1)).orElseThrow();
    }

    static List<Long> rows(Sql sql) {
        return sql.list("select a from probe order by a", row -> row.getLong(1));
    }

    List<Long> rows() {
        return engine.read(Probe::rows);
    }

    long count() {
        return engine.read(Probe::count);
    }
}
