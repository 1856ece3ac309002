package dev.holdfast.access;

import dev.holdfast.engine.Sql;
import dev.holdfast.engine.Tables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements of the room, the same for both databases. */
final class AccessSql {
    /** The number that stands for every namespace. */
    static final int EVERYWHERE = 0;

    // The name of a namespace that is gone is null, and so are its tokens.
    private static final String TOKENS = """
            select t.id, t.name, t.ns, n.name, t.scopes, t.grants, t.created_at, t.expires_at
            from {p}tokens t left join {p}namespaces n on n.ns = t.ns and n.deleted_at is null
            """;
    private static final String IS_OVER = """
            expires_at <= ? or ns <> 0 and not exists (
              select 1 from {p}namespaces n where n.ns = {p}tokens.ns and n.deleted_at is null)
            """;

    private final String insert;
    private final String all;
    private final String find;
    private final String delete;
    private final String isAnyOver;
    private final String deleteOver;

    AccessSql(Tables tables) {
        this.insert = tables.sql("""
                insert into {p}tokens (ns, id, hash, name, scopes, grants, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)""");
        this.all = tables.sql(TOKENS + "order by t.created_at, t.id");
        this.find = tables.sql(TOKENS + "where t.hash = ?");
        this.delete = tables.sql("delete from {p}tokens where id = ?");
        this.isAnyOver = tables.sql("select 1 from {p}tokens where " + IS_OVER + "limit 1");
        this.deleteOver = tables.sql("delete from {p}tokens where " + IS_OVER);
    }

    void insert(Sql sql, int ns, Token token, byte[] hash) {
        @Nullable Long expiresAt = token.expiresAt().map(Instant::toEpochMilli).orElse(null);
        sql.exec(
                insert,
                ns,
                token.id(),
                hash,
                token.name(),
                TokenText.scopes(token.scopes()),
                TokenText.grants(token.grants()),
                token.createdAt().toEpochMilli(),
                expiresAt);
    }

    List<Token> all(Sql sql) {
        return sql.list(all, AccessSql::token).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    Optional<Token> find(Sql sql, byte[] hash) {
        return sql.first(find, AccessSql::token, new Object[] {hash}).flatMap(token -> token);
    }

    boolean delete(Sql sql, String id) {
        return sql.exec(delete, id) > 0;
    }

    boolean isAnyOver(Sql sql, long now) {
        return sql.first(isAnyOver, row -> true, now).isPresent();
    }

    void deleteOver(Sql sql, long now) {
        sql.exec(deleteOver, now);
    }

    private static Optional<Token> token(ResultSet row) throws SQLException {
        Optional<String> namespace = Optional.ofNullable(row.getString(4));
        if (namespace.isEmpty() && row.getInt(3) != EVERYWHERE) {
            return Optional.empty();
        }
        long end = row.getLong(8);
        Optional<Instant> expiresAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(end));
        return Optional.of(new Token(
                row.getString(1),
                row.getString(2),
                TokenText.scopes(row.getString(5)),
                namespace,
                TokenText.grants(row.getString(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                expiresAt));
    }
}
