package dev.holdfast.simple;

import dev.holdfast.engine.Database;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvSelection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A handle on one namespace of the store, over a session: the store's own, or that of an asynchronous transaction. */
final class StoredSimpleKv implements SimpleKv {
    private final SimpleStore store;
    private final Session session;
    private final String namespace;
    private final AtomicBoolean closed;
    private final Kv kv;

    StoredSimpleKv(SimpleStore store, Session session, String namespace, AtomicBoolean closed) {
        this.store = store;
        this.session = session;
        this.namespace = namespace;
        this.closed = closed;
        this.kv = Kv.in(session);
    }

    @Override
    public Optional<Object> get(String key) {
        SimplePath path = path(key);
        return found(path).map(record -> record.find(path)).filter(value -> !SimpleTree.isMissing(value));
    }

    @Override
    public <T> Optional<T> get(String key, Class<T> type) {
        Objects.requireNonNull(type, "type");
        return get(key).map(value -> SimpleTyped.as(value, type));
    }

    @Override
    public boolean has(String key) {
        SimplePath path = path(key);
        return found(path)
                .filter(record -> !SimpleTree.isMissing(record.find(path)))
                .isPresent();
    }

    @Override
    public void set(String key, @Nullable Object value) {
        SimplePath path = path(key);
        if (path.isWhole()) {
            kv.set(entry(path), SimpleRecord.stored(value), Optional.empty());
        } else {
            SimpleChange.run(session, entry(path), change -> change.write(path, value));
        }
    }

    @Override
    public void setex(String key, @Nullable Object value, Duration ttl) {
        SimplePath path = path(key);
        long millis = SimpleChange.millis(ttl);
        if (!path.isWhole()) {
            SimpleChange.run(session, entry(path), change -> change.write(path, value, millis));
        } else if (millis > 0) {
            kv.set(entry(path), SimpleRecord.stored(value), Optional.of(Duration.ofMillis(millis)));
        } else {
            SimpleChange.run(session, entry(path), change -> change.writeExpired(value));
        }
    }

    @Override
    public void delete(String key) {
        SimplePath path = path(key);
        if (path.isWhole()) {
            kv.deleteExact(entry(path));
        } else {
            SimpleChange.run(session, entry(path), change -> change.remove(path));
        }
    }

    @Override
    public boolean expire(String key, Duration ttl) {
        SimplePath path = path(key);
        long millis = SimpleChange.millis(ttl);
        return SimpleChange.run(session, entry(path), change -> change.expire(path, millis));
    }

    @Override
    public Number math(String key, String operator, Number operand) {
        SimplePath path = path(key);
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(operand, "operand");
        return SimpleChange.run(session, entry(path), change -> change.compute(path, operator, operand));
    }

    @Override
    public long ttl(String key) {
        SimplePath path = path(key);
        long now = now();
        Optional<SimpleRecord> record = found(path).filter(known -> !SimpleTree.isMissing(known.find(path)));
        if (record.isEmpty()) {
            return TTL_MISSING;
        }
        OptionalLong own = record.get().expiries().nearest(path.steps());
        long at = own.isPresent()
                ? own.getAsLong()
                : record.get().expiresAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        return at == Long.MAX_VALUE ? TTL_NONE : Math.max(1, at - now);
    }

    @Override
    public void clear() {
        requireOpen();
        kv.delete(List.of(SimpleKeys.entries(namespace)), Optional.empty());
    }

    @Override
    public long count() {
        requireOpen();
        return kv.count(SimpleKeys.entries(namespace));
    }

    @Override
    public List<String> keys() {
        requireOpen();
        return texts(KvSelection.below(SimpleKeys.entries(namespace)));
    }

    @Override
    public Stream<SimpleEntry> entries() {
        requireOpen();
        long now = now();
        List<KvEntry> snapshot = session.scan(tx -> {
            try (Stream<KvEntry> all = Kv.in(tx).list(KvSelection.below(SimpleKeys.entries(namespace)))) {
                return all.toList();
            }
        });
        return snapshot.stream()
                .map(entry -> new SimpleEntry(
                        entry.key().get(2, String.class),
                        SimpleRecord.of(entry, now).value()));
    }

    @Override
    public List<@Nullable Object> values() {
        List<@Nullable Object> values = new ArrayList<>();
        entries().forEach(entry -> values.add(entry.value()));
        return values;
    }

    @Override
    public Map<String, @Nullable Object> all() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        entries().forEach(entry -> all.put(entry.key(), entry.value()));
        return all;
    }

    @Override
    public SimpleKv namespace(String name) {
        requireOpen();
        store.room().open(session, SimpleKeys.requireName(name));
        return on(session, name);
    }

    @Override
    public List<String> namespaces() {
        requireOpen();
        return texts(SimpleKeys.names());
    }

    @Override
    public String currentNamespace() {
        requireOpen();
        return namespace;
    }

    @Override
    public <T> T transaction(Function<SimpleKv, T> work) {
        requireOpen();
        Objects.requireNonNull(work, "work");
        return session.write(UnitKind.USER, tx -> work.apply(this));
    }

    @Override
    public void atomically(Consumer<SimpleKv> work) {
        Objects.requireNonNull(work, "work");
        transaction(inside -> {
            work.accept(inside);
            return inside;
        });
    }

    @Override
    public <T> CompletionStage<T> transactionAsync(Function<SimpleKv, CompletionStage<T>> work) {
        requireOpen();
        Objects.requireNonNull(work, "work");
        return SimpleAsync.run(
                session, store.options().transactionLimit(), inside -> work.apply(on(inside, namespace)));
    }

    @Override
    public long importFrom(Path file) {
        requireOpen();
        return new SimpleImport(session, store.room()).load(Objects.requireNonNull(file, "file"));
    }

    @Override
    public long sweep() {
        requireOpen();
        return SimpleRoom.sweep(session);
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && !store.closed().get();
    }

    @Override
    public Database database() {
        requireOpen();
        return session.database();
    }

    @Override
    public void close() {
        store.close(closed);
    }

    private SimpleKv on(Session where, String name) {
        return new StoredSimpleKv(store, where, name, new AtomicBoolean());
    }

    private SimplePath path(String key) {
        requireOpen();
        return SimplePath.parse(key, store.options().dotNotation());
    }

    private Key entry(SimplePath path) {
        return SimpleKeys.entry(namespace, path.base());
    }

    private Optional<SimpleRecord> found(SimplePath path) {
        return kv.get(entry(path)).map(entry -> SimpleRecord.of(entry, now()));
    }

    private List<String> texts(KvSelection selection) {
        return session.scan(tx -> {
            try (Stream<Key> keys = Kv.in(tx).keys(selection)) {
                return keys.map(key -> key.get(2, String.class)).toList();
            }
        });
    }

    private long now() {
        return session.database().time().millis();
    }

    private void requireOpen() {
        store.requireOpen(closed);
    }
}
