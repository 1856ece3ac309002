package dev.holdfast.record;

import dev.holdfast.engine.Session;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The stores of a session's namespace. */
record SessionStores(Session session) implements RecordStores {
    @Override
    public List<String> list() {
        return room().list(session);
    }

    @Override
    public RecordStore open(String name) {
        room().open(session, Objects.requireNonNull(name, "name"));
        return store(name);
    }

    @Override
    public boolean create(String name) {
        return room().open(session, Objects.requireNonNull(name, "name"));
    }

    @Override
    public Optional<RecordStore> find(String name) {
        // Opened too, so that it is remembered.
        return room().exists(session, Objects.requireNonNull(name, "name"))
                ? Optional.of(open(name))
                : Optional.empty();
    }

    @Override
    public boolean drop(String name) {
        return room().drop(session, Objects.requireNonNull(name, "name"));
    }

    private RecordStore store(String name) {
        return new StoredRecordStore(new SessionSeat(session, name));
    }

    private RecordRoom room() {
        return RecordRoom.of(session.database());
    }
}
