package dev.holdfast.schema;

import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.Engine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A schema in a database of a PostgreSQL server that runs as long as the tests do. */
final class PostgresDatabase extends TestDatabase {
    private static final String SHARED = "postgres";
    private static final String OWNER = "postgres";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String schema = "test_" + COUNT.incrementAndGet();
    private final String database;

    PostgresDatabase() {
        this(SHARED);
    }

    private PostgresDatabase(String database) {
        this.database = database;
        run("create schema " + schema);
    }

    /** In a database that no other test uses, for what concerns all schemas; making one takes a while. */
    static PostgresDatabase alone() {
        String name = "alone_" + COUNT.incrementAndGet();
        try (PostgresDatabase shared = new PostgresDatabase()) {
            shared.run("create database " + name);
        }
        return new PostgresDatabase(name);
    }

    /** The name of the schema, which no other test uses. */
    String schema() {
        return schema;
    }

    @Override
    Dialect dialect() {
        return Dialect.POSTGRES;
    }

    @Override
    Connection connect() throws SQLException {
        return connect(OWNER, "currentSchema=" + schema);
    }

    /** A connection of a role, with more of what follows the question mark in a JDBC URL. */
    private Connection connect(String user, String options) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + Server.ONE.getPort() + "/" + database
                + "?user=" + user + "&password=any&" + options);
    }

    @Override
    Engine newEngine() {
        return new StrangersEngine(dialect(), this::connect);
    }

    /** An engine of the owner with another search path. */
    Engine openWithPath(String path) {
        return new StrangersEngine(dialect(), () -> connect(OWNER, "currentSchema=" + path));
    }

    /** An engine of the owner whose connections are serializable unless they are told otherwise. */
    Engine openSerializable() {
        String options = "&options=-c%20default_transaction_isolation=serializable";
        return new StrangersEngine(dialect(), () -> connect(OWNER, "currentSchema=" + schema + options));
    }

    /** An engine of a new role with no rights but these in the schema. */
    Engine openAsNewRole(String rights) {
        String role = schema + "_role";
        run(
                "create role " + role + " login password 'any'",
                "grant " + rights + " on schema " + schema + " to " + role);
        return new StrangersEngine(dialect(), () -> connect(role, "currentSchema=" + schema));
    }

    /** The one server, started when first needed; it stops itself at the end of the JVM. */
    private static final class Server {
        static final EmbeddedPostgres ONE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
