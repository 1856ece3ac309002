package dev.holdfast;

import dev.holdfast.collection.CollectionDoctor;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.engine.Database;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EngineDoctor;
import dev.holdfast.engine.Examination;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tables;
import dev.holdfast.kv.KvDoctor;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.queue.QueueDoctor;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.record.RecordDoctor;
import dev.holdfast.record.RecordRoom;
import dev.holdfast.schema.Schema;
import dev.holdfast.schema.SchemaCheck;
import dev.holdfast.search.SearchDoctor;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.stream.StreamDoctor;
import dev.holdfast.stream.StreamRoom;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Examines a store: whether it is what its tables promise.
 *
 * <p>It looks at the database's own integrity, at the tables against the schema, and in every namespace at the change
 * log, the entries, the collections, their indexes, streams, queues, and record stores. It changes nothing, and others
 * may go on writing: each part is examined in one snapshot. It reads everything, some of it twice, in bounded memory; a
 * snapshot that stays open for long keeps SQLite's log from being emptied and PostgreSQL's dead rows from being
 * removed.
 */
public final class Doctor {
    private static final String SCHEMA = "schema";
    private static final Set<String> ROOMS = Set.of(KvRoom.NAME, SearchRoom.NAME, CollectionRoom.NAME, RecordRoom.NAME);

    private final Database database;

    Doctor(Database database) {
        this.database = database;
    }

    /** What came of an examination. */
    public enum Verdict {
        /** Nothing is wrong. */
        SOUND,
        /** At least one fault was told. */
        FAULTY,
        /**
         * The store could not be examined, or not to the end, and no fault was found until then; or there is none, as
         * in an empty file.
         */
        UNKNOWN
    }

    /**
     * Examines a store that is open.
     *
     * @param out is told each finding when it is found, on the calling thread
     * @throws HoldfastException the database failed, so that the examination is not complete
     */
    public Verdict examine(Consumer<Finding> out) {
        Counted counted = new Counted(out);
        Schema schema = new Schema(database.tables(), Rooms.migrations(), database.time());
        SchemaCheck.Result tables = shell(database.engine(), database.tables(), schema, counted);
        if (tables instanceof SchemaCheck.Equal) {
            contents(database, counted);
        }
        return counted.verdict(tables);
    }

    /**
     * Examines a database whatever state it is in, without bringing its tables up to date first.
     *
     * @param db as for {@link Holdfast#open(String)}; a file must exist
     * @param out is told each finding when it is found, on the calling thread
     */
    public static Verdict examine(String db, HoldfastOptions options, Consumer<Finding> out) {
        Counted counted = new Counted(out);
        try {
            try (Engine engine = Holdfast.openEngine(db, options)) {
                Schema schema = new Schema(options.tables(), Rooms.migrations(), options.time());
                SchemaCheck.Result tables = shell(engine, options.tables(), schema, counted);
                if (tables instanceof SchemaCheck.Equal) {
                    contents(Database.untouched(engine, options.tables(), options.time()), counted);
                }
                return counted.verdict(tables);
            }
        } catch (HoldfastException e) {
            out.accept(Finding.note(EngineDoctor.NAME, "the examination ended early: " + e.detail()));
            return counted.unfinished();
        }
    }

    /** Examines the database itself and compares the tables. */
    private static SchemaCheck.Result shell(Engine engine, Tables prefix, Schema schema, Consumer<Finding> out) {
        engine.examine(prefix, out);
        SchemaCheck.Result result = schema.check(engine);
        switch (result) {
            case SchemaCheck.Equal() -> {}
            case SchemaCheck.Drift drift
            when drift.absent() ->
                out.accept(
                        Finding.note(SCHEMA, "there is no store in this database; opening it as one makes the tables"));
            case SchemaCheck.Drift drift -> {
                drift.differences().forEach(difference -> out.accept(Finding.fault(SCHEMA, difference.toString())));
                out.accept(
                        Finding.note(SCHEMA, "what the tables hold was not examined, since they are not as expected"));
            }
            case SchemaCheck.CannotTell(String reason) ->
                out.accept(Finding.note(SCHEMA, "the examination ended early: " + reason));
        }
        return result;
    }

    private static void contents(Database database, Consumer<Finding> out) {
        List<String> tables = Stream.of(
                        EngineDoctor.tables(),
                        SearchDoctor.tables(),
                        KvDoctor.tables(),
                        CollectionDoctor.tables(),
                        StreamDoctor.tables(),
                        RecordDoctor.tables(),
                        QueueDoctor.tables())
                .flatMap(List::stream)
                .toList();
        EngineDoctor.examineStore(database, tables, out);
        SearchDoctor.examineStore(database, out);
        NamespaceKeeper keeper = Rooms.namespaces(database);
        for (String name : database.namespaces().list()) {
            Session session = database.session(name);
            part(session, EngineDoctor.NAME, keeper::examine, out);
            part(session, EngineDoctor.NAME, at -> EngineDoctor.examine(at, ROOMS), out);
            part(session, SearchRoom.NAME, SearchDoctor::examine, out);
            part(session, KvRoom.NAME, KvDoctor::examine, out);
            part(session, CollectionRoom.NAME, CollectionDoctor::examine, out);
            part(session, StreamRoom.NAME, StreamDoctor::examine, out);
            part(session, RecordRoom.NAME, RecordDoctor::examine, out);
            part(session, QueueRoom.NAME, QueueDoctor::examine, out);
        }
    }

    private static void part(Session session, String room, Consumer<Examination> work, Consumer<Finding> out) {
        session.read(tx -> {
            work.accept(Examination.of(tx, room, out));
            return room;
        });
    }

    /** Passes findings on and counts the faults. */
    private static final class Counted implements Consumer<Finding> {
        private final Consumer<Finding> out;
        private long faults;

        Counted(Consumer<Finding> out) {
            this.out = Objects.requireNonNull(out, "out");
        }

        @Override
        public void accept(Finding finding) {
            if (finding.kind() == Finding.Kind.FAULT) {
                faults++;
            }
            out.accept(finding);
        }

        Verdict verdict(SchemaCheck.Result tables) {
            if (faults > 0) {
                return Verdict.FAULTY;
            }
            return tables instanceof SchemaCheck.Equal ? Verdict.SOUND : Verdict.UNKNOWN;
        }

        Verdict unfinished() {
            return faults > 0 ? Verdict.FAULTY : Verdict.UNKNOWN;
        }
    }
}
