package dev.holdfast.testkit;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.TimeSource;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;

/** Stores on PostgreSQL, each in a database of its own on the server that all tests of the process share. */
public final class PostgresStores extends Stores {
    private final BiFunction<String, TimeSource, Engine> opener;

    /** Databases opened with the default options. */
    public PostgresStores() {
        this(PostgresOptions.defaults(), List.of());
    }

    /** Databases opened with these options, holding the tables of these rooms. */
    public PostgresStores(PostgresOptions options, List<Migration> rooms) {
        super(rooms);
        this.opener = (url, time) -> PostgresEngine.open(url, options, time);
    }

    /** Databases opened over connections of the caller, whose sources are made from the URLs of the databases. */
    public PostgresStores(Function<String, DataSource> sources) {
        super(List.of());
        this.opener = (url, time) -> PostgresEngine.over(sources.apply(url), PostgresOptions.defaults(), time);
    }

    @Override
    protected TestDatabase create() {
        PostgresServer server = PostgresServer.shared();
        return new OnServer(server, server.freshDatabase(), opener);
    }

    @Override
    protected TestDatabase create(List<Migration> all) {
        PostgresServer server = PostgresServer.shared();
        return new OnServer(server, server.freshDatabase(all), opener);
    }

    /** A database that is dropped at the end. */
    private static final class OnServer implements TestDatabase {
        /** The statement that has run longest: those beside it are short. */
        private static final String CANCEL = """
                select pg_cancel_backend(pid)
                from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
                order by query_start
                limit 1
                """;
        /** The server and its disk are everybody's, so triggers say what a full one says. */
        private static final String FILL = """
                create function disk_full() returns trigger language plpgsql as $$
                begin
                  if pg_column_size(new.*) > 100000 then
                    raise exception 'could not extend file: no space left on device' using errcode = 'disk_full';
                  end if;
                  return new;
                end $$;
                do $$
                declare name regclass;
                begin
                  for name in
                    select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
                  loop
                    execute format('create trigger disk_full before insert or update on %s'
                                   ' for each row execute function disk_full()', name);
                  end loop;
                end $$;
                """;

        private static final String FREE = "drop function disk_full cascade";

        private final PostgresServer server;
        private final BiFunction<String, TimeSource, Engine> opener;
        private final String url;

        OnServer(PostgresServer server, String url, BiFunction<String, TimeSource, Engine> opener) {
            this.server = server;
            this.url = url;
            this.opener = opener;
        }

        @Override
        public Engine open(TimeSource time) {
            return opener.apply(url, time);
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public void cancelStatement(Engine engine) {
            PostgresServer.execute(url, CANCEL);
        }

        @Override
        public Release fillDisk(Engine engine) {
            PostgresServer.execute(url, FILL);
            return () -> PostgresServer.execute(url, FREE);
        }

        @Override
        public void close() {
            server.drop(url);
        }
    }
}
