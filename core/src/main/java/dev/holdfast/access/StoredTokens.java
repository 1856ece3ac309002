package dev.holdfast.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in the store's table. What was found is remembered by its hash, never by its secret.
 *
 * <p>{@code generation} rises with each revocation and each deletion of a namespace of this store: what was read before
 * it is not used after it, even when it is put down later.
 */
final class StoredTokens implements Tokens {
    /** How long what was found is remembered. */
    static final long REMEMBER_MILLIS = 1_000;

    /** Secrets begin with this, so that people and scanners recognise one that lies around. */
    private static final String MARK = "hf_";

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int REMEMBERED_MAX = 1_024;

    private final Database database;
    private final Session session;
    private final AccessSql sql;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    StoredTokens(Database database) {
        this.database = database;
        this.session = database.session(Namespaces.DEFAULT);
        this.sql = new AccessSql(database.tables());
    }

    @Override
    public CreatedToken create(NewToken token) {
        Objects.requireNonNull(token, "token");
        String secret = MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(SECRET_BYTES));
        String id = HexFormat.of().formatHex(randomBytes(ID_BYTES));
        Session home = token.namespace().map(database::session).orElse(session);
        Token made = home.write(UnitKind.OPERATION, tx -> {
            Instant now = Instant.ofEpochMilli(tx.now());
            Token row = new Token(
                    id,
                    token.name(),
                    token.scopes(),
                    token.namespace(),
                    token.grants(),
                    now,
                    token.ttl().map(now::plus));
            sql.insert(tx, token.namespace().isPresent() ? tx.ns() : AccessSql.EVERYWHERE, row, hash(secret));
            return row;
        });
        return new CreatedToken(made, secret);
    }

    @Override
    public List<Token> list() {
        return session.read(tx -> {
            Instant now = Instant.ofEpochMilli(tx.now());
            return sql.all(tx).stream().filter(token -> !token.expired(now)).toList();
        });
    }

    @Override
    public boolean revoke(String id) {
        Objects.requireNonNull(id, "id");
        return session.write(UnitKind.OPERATION, tx -> {
            tx.afterCommit(this::forget);
            return sql.delete(tx, id);
        });
    }

    @Override
    public Optional<Token> find(String secret) {
        byte[] hash = hash(Objects.requireNonNull(secret, "secret"));
        String name = HexFormat.of().formatHex(hash);
        long now = database.time().millis();
        Known have = known.get(name);
        if (have == null || have.generation != generation.get() || now - have.at >= REMEMBER_MILLIS) {
            long before = generation.get();
            @Nullable Token found = session.readOne(tx -> sql.find(tx, hash)).orElse(null);
            if (found == null) {
                known.remove(name);
                return Optional.empty();
            }
            have = new Known(found, now, before);
            remember(name, have);
        }
        return have.token.expired(Instant.ofEpochMilli(now)) ? Optional.empty() : Optional.of(have.token);
    }

    /** Forgets every token, those included that are being read at the moment. */
    void forget() {
        generation.incrementAndGet();
        known.clear();
    }

    /** Only what exists is remembered, so foreign secrets cannot fill the memory; few stores have so many tokens. */
    private void remember(String name, Known token) {
        if (known.size() >= REMEMBERED_MAX) {
            known.clear();
        }
        known.put(name, token);
    }

    void sweep() {
        long now = database.time().millis();
        if (session.readOne(tx -> sql.isAnyOver(tx, now))) {
            session.write(UnitKind.OPERATION, tx -> {
                sql.deleteOver(tx, now);
                return true;
            });
        }
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A token as it was found. */
    private record Known(Token token, long at, long generation) {}
}
