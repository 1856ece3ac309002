package dev.holdfast.engine.postgres;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;

/**
 * The name under which the processes of one store notify each other. Channels belong to a database, so the rest of the
 * name tells stores in it apart.
 */
final class PostgresChannel {
    private static final String SCHEMA = """
            select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(?)
            """;

    private PostgresChannel() {}

    /**
     * The channel of the store whose tables have a prefix: the prefix, and the schema that the tables are found in as a
     * number. Two schemas with the same number would only wake each other in vain.
     */
    static String of(Sql sql, Tables tables) {
        String schema = sql.first(SCHEMA, row -> row.getString(1), tables.sql("{p}state"))
                .orElse("");
        return tables.prefix() + "signals_" + Integer.toHexString(schema.hashCode());
    }
}
