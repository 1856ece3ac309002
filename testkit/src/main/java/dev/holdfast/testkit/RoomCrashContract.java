package dev.holdfast.testkit;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.Collections;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.collection.DocumentUpdate;
import dev.holdfast.engine.Migration;
import dev.holdfast.engine.Session;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvTransfer;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.search.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * All or nothing for the operations of every room: each statement of each operation fails in turn, and what the rooms,
 * their indexes and the change log hold is what it was, or what the whole operation makes it.
 */
public abstract class RoomCrashContract extends CrashContract {
    private static final List<String> TABLES = List.of(
            "kv", "collections", "documents", "indexes", "document_index", "document_unique", "search_docs", "changes");
    private static final Key ANN = Key.of("users", "ann");
    private static final Key BOB = Key.of("users", "bob");
    private static final Key COUNT = Key.of("count");
    private static final Filter RED = Filter.where("color").eq("red");

    private final VirtualTime time = new VirtualTime();
    private Store store;

    /** The suite over the stores of one engine, which must hold the tables of {@link #rooms()}. */
    protected RoomCrashContract() {}

    /** What the stores of this suite are made of: every room. */
    public static List<Migration> rooms() {
        return Stream.of(SearchRoom.migrations(), KvRoom.migrations(), CollectionRoom.migrations())
                .flatMap(List::stream)
                .toList();
    }

    @BeforeEach
    void open() {
        store = stores().fresh(time);
    }

    @Test
    void settingAKey() {
        failEach(session -> kv(session).set(Key.of("users", "cid"), Map.of("text", "third words")));
    }

    @Test
    void replacingAKey() {
        failEach(session -> kv(session).set(ANN, Map.of("text", "other words"), Duration.ofHours(1)));
    }

    @Test
    void changingWhenAKeyExpires() {
        failEach(session -> kv(session).expire(ANN, Optional.of(Duration.ofHours(1))));
    }

    @Test
    void deletingOneKey() {
        failEach(session -> kv(session).deleteExact(ANN));
    }

    @Test
    void deletingAPrefix() {
        failEach(session -> kv(session).delete(Key.of("users")));
    }

    @Test
    void deletingWhatMatches() {
        Filter bob = Filter.where("text").eq("words of bob");

        failEach(session -> kv(session).delete(List.of(KeyPrefix.of(Key.of("users"))), Optional.of(bob)));
    }

    @Test
    void anAtomicCommitOfEverything() {
        failEach(session -> kv(session)
                .atomic()
                .checkMissing(Key.of("users", "cid"))
                .set(Key.of("users", "cid"), Map.of("text", "third words"))
                .delete(ANN)
                .sum(COUNT, 5)
                .append(Key.of("list"), "a", "b")
                .commit());
    }

    @Test
    void anOptimisticTransaction() {
        failEach(session -> kv(session)
                .transaction(
                        buffer -> {
                            buffer.set(Key.of("copy"), buffer.get(ANN).isPresent());
                            buffer.sum(COUNT, 1);
                            return "done";
                        },
                        3,
                        Duration.ZERO));
    }

    @Test
    void makingAFullTextIndex() {
        failEach(session -> kv(session)
                .search()
                .createIndex(KeyPrefix.of(Key.of("list")), List.of("text"), Tokenizer.UNICODE61, false));
    }

    @Test
    void insertingADocument() {
        failEach(session -> notes(session).insert(note("n9", "blue", 9)));
    }

    @Test
    void insertingDocuments() {
        failEach(session -> notes(session).insertMany(List.of(note("n8", "blue", 8), note("n9", "red", 9))));
    }

    @Test
    void insertingIntoANewCollection() {
        failEach(session -> Collection.in(session, "others").insert(note("o1", "blue", 1)));
    }

    @Test
    void upsertingADocument() {
        failEach(session -> notes(session).upsert(note("n1", "blue", 10)));
    }

    @Test
    void updatingADocument() {
        failEach(session -> notes(session).update("n1", Map.of("color", "green", "rank", 11)));
    }

    @Test
    void updatingADocumentByAFunction() {
        failEach(session -> notes(session)
                .update(
                        "n1",
                        DocumentUpdate.apply(document ->
                                document.put("rank", document.path("rank").asInt() + 20))));
    }

    @Test
    void updatingWhatMatches() {
        failEach(session -> notes(session).update(RED, Map.of("color", "green")));
    }

    @Test
    void deletingADocument() {
        failEach(session -> notes(session).delete("n1"));
    }

    @Test
    void deletingDocumentsThatMatch() {
        failEach(session -> notes(session).delete(RED));
    }

    @Test
    void aTransactionOverTheRoomsAndATableOfTheUsers() {
        store.engine().write(unit -> unit.exec("create table own (ns integer, a integer)"));

        failEach(session -> session.write(UnitKind.USER, tx -> {
            tx.exec("insert into own values (?, 1)", tx.ns());
            kv(tx).set(COUNT, 100);
            notes(tx).insert(note("n9", "blue", 9));
            tx.nested(() -> notes(tx).update("n1", Map.of("rank", 12)));
            return tx.exec("insert into own values (?, 2)", tx.ns());
        }));
    }

    @Test
    void makingAnIndexEndsWellWhenItIsRunAgain() {
        failEachAndRunAgain(
                store,
                RoomCrashContract::fill,
                session -> notes(session).createIndex(DocumentIndex.on("by_both", "color", "rank")),
                session -> List.of(notes(session).indexes(), count(session, "document_index")));
    }

    @Test
    void droppingACollectionEndsWellWhenItIsRunAgain() {
        failEachAndRunAgain(
                store,
                RoomCrashContract::fill,
                session -> {
                    notes(session).drop();
                    CollectionRoom.of(session.database()).sweep(session.namespace());
                },
                session -> List.of(
                        Collections.in(session).list().size(),
                        count(session, "documents"),
                        count(session, "document_index"),
                        count(session, "document_unique"),
                        count(session, "indexes")));
    }

    private void failEach(Consumer<Session> operation) {
        failEachStatement(store, RoomCrashContract::fill, operation, session -> session.read(RoomCrashContract::look));
    }

    private static void fill(Session session) {
        kv(session).search().createIndex(KeyPrefix.of(Key.of("users")), List.of("text"), Tokenizer.UNICODE61, false);
        kv(session).set(ANN, Map.of("text", "words of ann"));
        kv(session).set(BOB, Map.of("text", "words of bob"));
        kv(session).set(COUNT, 7);
        notes(session).createIndex(DocumentIndex.on("by_color", "color"));
        notes(session).createIndex(DocumentIndex.on("by_rank", "rank").asUnique());
        notes(session).search().createIndex(List.of("color"), Tokenizer.UNICODE61);
        notes(session).insertMany(List.of(note("n1", "red", 1), note("n2", "red", 2), note("n3", "blue", 3)));
    }

    /** Everything there is to see: contents, what searches find, and the rows of every table. */
    private static List<Object> look(Tx tx) {
        List<Object> all = new ArrayList<>();
        KvTransfer.export(tx, all::add);
        KvSelection users = KvSelection.below("users");
        kv(tx).search().find(users, "words").forEach(entry -> all.add("found " + entry.key()));
        notes(tx).find(DocumentQuery.all()).forEach(note -> all.add(note.json()));
        notes(tx).search().find("red", 10).forEach(note -> all.add("found " + note.id()));
        TABLES.forEach(table -> all.add(table + " " + count(tx, table)));
        return all;
    }

    private static long count(Session session, String table) {
        return session.read(tx -> tx.first(
                        tx.database().tables().sql("select count(*) from {p}" + table + " where ns = ?"),
                        row -> row.getLong(1),
                        tx.ns())
                .orElseThrow());
    }

    private static Kv kv(Session session) {
        return Kv.in(session);
    }

    private static Collection notes(Session session) {
        return Collection.in(session, "notes");
    }

    private static Map<String, Object> note(String id, String color, int rank) {
        return Map.of("id", id, "color", color, "rank", rank);
    }
}
