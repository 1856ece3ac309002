package dev.holdfast.schema;

import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Tables;
import dev.holdfast.engine.TimeSource;
import java.util.List;

/** Migrations of two rooms that a test can take step by step. */
final class Samples {
    static final Migration KV_1 = new Migration("kv", 1, "kv", """
            -- What is kept.
            create table {p}kv (
              ns integer not null,
              key blob not null,
              value blob,
              hits integer not null default 0,
              primary key (ns, key)
            ) strict, without rowid;
            create unique index {p}kv_value on {p}kv (ns, value) where value is not null;
            create index {p}kv_length on {p}kv (length(value), hits desc);
            """, """
            -- What is kept.
            create table {p}kv (
              ns integer not null,
              key bytea not null,
              value bytea,
              hits bigint not null default 0,
              primary key (ns, key)
            );
            create unique index {p}kv_value on {p}kv (ns, value) where value is not null;
            create index {p}kv_length on {p}kv (length(value), hits desc);
            """);

    static final Migration KV_2 = both("kv", 2, "expiry", "alter table {p}kv add column expires_at integer;\n");

    static final Migration NOTE_1 = both("note", 1, "note", """
            create table {p}note (
              ns integer not null primary key,
              name text not null unique
            );
            insert into {p}note (ns, name) values (1, 'a;b');
            """);

    static final List<Migration> ALL = List.of(KV_1, NOTE_1, KV_2);

    private Samples() {}

    static Migration both(String room, int number, String name, String text) {
        return new Migration(room, number, name, text, text);
    }

    /** A schema under the default prefix. */
    static Schema schema(Migration... migrations) {
        return new Schema(Tables.defaults(), List.of(migrations));
    }

    static Schema all() {
        return new Schema(Tables.defaults(), ALL);
    }

    /** A clock that stands still until somebody waits: then it jumps to the end of the wait. */
    static final class JumpingClock implements TimeSource {
        private long now;

        JumpingClock(long now) {
            this.now = now;
        }

        @Override
        public long millis() {
            return now;
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            now += delayMillis;
            task.run();
            return () -> {};
        }
    }
}
