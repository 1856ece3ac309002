package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.Namespace;
import dev.holdfast.access.AccessRoom;
import dev.holdfast.access.CreatedToken;
import dev.holdfast.access.NewToken;
import dev.holdfast.access.Token;
import dev.holdfast.collection.Collection;
import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.engine.Dialect;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.NamespaceRoom;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.engine.Tx;
import dev.holdfast.engine.UnitKind;
import dev.holdfast.filter.Filter;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.search.SearchRoom;
import dev.holdfast.search.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store promises about a namespace as a whole: its quota over every room, and its deletion. */
public abstract class TenantContract extends Contract {
    private static final List<String> TABLES = List.of(
            "kv",
            "collections",
            "documents",
            "indexes",
            "document_index",
            "document_unique",
            "search_indexes",
            "search_docs",
            "changes",
            "usage",
            "tokens");
    private static final NamespaceQuota FIVE_ROWS = NamespaceQuota.none().withRowsMax(5);

    private final VirtualTime time = new VirtualTime();
    private Holdfast holdfast;
    private Namespace acme;

    /** The suite over the stores of one engine. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected TenantContract() {}

    @BeforeEach
    void open() {
        holdfast = Holdfast.over(
                stores().fresh(time).engine(), HoldfastOptions.defaults().withTime(time));
        acme = holdfast.namespace("acme");
    }

    @AfterEach
    void close() {
        holdfast.close();
    }

    @Test
    void aNamespaceHasNoQuotaUntilOneIsSet() {
        assertThat(acme.quota()).isEqualTo(NamespaceQuota.none());
        assertThat(acme.usage()).isEqualTo(NamespaceUsage.NOTHING);
        assertThat(holdfast.namespaces().list()).containsExactly("default");

        acme.quota(FIVE_ROWS.withBytesMax(1_000));

        assertThat(acme.quota()).isEqualTo(FIVE_ROWS.withBytesMax(1_000));
        acme.quota(NamespaceQuota.none());
        assertThat(acme.quota()).isEqualTo(NamespaceQuota.none());
    }

    @Test
    void rowsOfEveryRoomCountAndTheOneTooManyIsRefusedWhole() {
        acme.quota(FIVE_ROWS);
        IntStream.range(0, 3).forEach(i -> acme.kv().set(Key.of("k", i), i));
        acme.collection("notes").insertMany(List.of(Map.of("id", "a"), Map.of("id", "b")));

        refused(() -> acme.kv().set(Key.of("k", 3), 3));
        refused(() -> acme.collection("notes").insert(Map.of("id", "c")));
        refused(() -> acme.transaction(tx -> {
            tx.kv().deleteExact(Key.of("k", 0));
            tx.kv().set(Key.of("x"), 1);
            return tx.collection("notes").insert(Map.of("id", "c"));
        }));

        assertThat(acme.usage().rows()).isEqualTo(5);
        assertThat(acme.kv().get(Key.of("k", 0))).isPresent();
        assertThat(acme.collection("notes").count()).isEqualTo(2);
    }

    @Test
    void whatIsReplacedOrRemovedMakesRoom() {
        acme.quota(FIVE_ROWS);
        IntStream.range(0, 5).forEach(i -> acme.kv().set(Key.of("k", i), i));

        acme.kv().set(Key.of("k", 0), "another value");
        acme.kv().deleteExact(Key.of("k", 1));
        acme.collection("notes").insert(Map.of("id", "a"));

        refused(() -> acme.kv().set(Key.of("k", 1), 1));
        assertThat(acme.usage().rows()).isEqualTo(5);
    }

    @Test
    void bytesAreCountedAsTheyAreStored() {
        acme.quota(NamespaceQuota.none().withBytesMax(1_000));
        acme.kv().set(Key.of("k"), "x".repeat(400));
        acme.collection("notes").insert(Map.of("id", "a", "text", "y".repeat(400)));

        refused(() -> acme.kv().set(Key.of("other"), "x".repeat(400)));
        refused(() -> acme.collection("notes").update("a", Map.of("text", "y".repeat(700))));
        acme.collection("notes").update("a", Map.of("text", "short"));

        acme.kv().set(Key.of("other"), "x".repeat(400));
        assertThat(acme.usage().bytes()).isBetween(800L, 1_000L);
    }

    @Test
    void theCountersSayWhatIsThereWhateverWasDone() {
        acme.kv().set(Key.of("before"), "was there before the quota");
        acme.collection("notes").insert(Map.of("id", "before", "text", "was there too"));
        acme.quota(NamespaceQuota.none().withRowsMax(1_000));

        everythingOnce();
        NamespaceUsage counted = acme.usage();
        acme.quota(NamespaceQuota.none());

        assertThat(counted).isEqualTo(acme.usage());
        assertThat(counted.rows()).isGreaterThan(2);
    }

    @Test
    void aNamespaceThatHoldsMoreThanItsNewQuotaKeepsItAndMayOnlyShrink() {
        IntStream.range(0, 8).forEach(i -> acme.kv().set(Key.of("k", i), i));

        acme.quota(FIVE_ROWS);

        assertThat(acme.usage().rows()).isEqualTo(8);
        refused(() -> acme.kv().set(Key.of("k", 8), 8));
        acme.kv().set(Key.of("k", 0), "replaced");
        assertThat(acme.kv().delete(Key.of("k"))).isEqualTo(8);
        acme.kv().set(Key.of("k", 8), 8);
        assertThat(acme.usage().rows()).isEqualTo(1);
    }

    @Test
    void theQuotaOfOneIsNobodyElses() {
        acme.quota(NamespaceQuota.none().withRowsMax(0));

        holdfast.kv().set(Key.of("k"), 1);
        holdfast.namespace("other").kv().set(Key.of("k"), 1);

        refused(() -> acme.kv().set(Key.of("k"), 1));
        assertThat(holdfast.namespace("other").quota()).isEqualTo(NamespaceQuota.none());
    }

    @Test
    void manyWritersAtOnceOvershootByNoMoreThanTheyAre() {
        acme.quota(NamespaceQuota.none().withRowsMax(40));
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Integer>> writers = IntStream.range(0, 8)
                    .mapToObj(writer -> callers.start(() -> fill(writer)))
                    .toList();

            int written = writers.stream()
                    .mapToInt(writer -> Callers.outcome(writer).value())
                    .sum();

            int overshoot = holdfast.database().dialect() == Dialect.POSTGRES ? 8 : 0;
            assertThat(written).isBetween(40 - 8, 40 + overshoot);
            assertThat(acme.usage().rows()).isEqualTo(written);
        }
    }

    @Test
    void aQuotaBelowZeroIsRefused() {
        assertThatThrownBy(() -> NamespaceQuota.none().withBytesMax(-1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("namespace.quota_range");
    }

    @Test
    void aViewOfThePresentNamespaceEndsWithIt() {
        acme.kv().set(Key.of("k"), "old");
        Namespace present = acme.present();
        present.kv().set(Key.of("more"), 1);
        assertThat(present.kv().get(Key.of("k"))).isPresent();
        holdfast.deleteNamespace("acme");

        assertThatThrownBy(() -> present.kv().set(Key.of("k"), "late")).hasMessageStartingWith("namespace.gone");
        assertThatThrownBy(() -> present.collection("notes").insert(Map.of("n", 1)))
                .hasMessageStartingWith("namespace.gone");
        assertThat(holdfast.namespaces().list()).doesNotContain("acme");
        acme.kv().set(Key.of("k"), "of the next");
        assertThatThrownBy(() -> present.kv().get(Key.of("k"))).hasMessageStartingWith("namespace.gone");
        assertThat(holdfast.namespace("new").present().kv().set(Key.of("k"), 1)).isNotNull();
    }

    @Test
    void aDeletedNamespaceLeavesNoRowAndItsNameIsFree() {
        holdfast.kv().set(Key.of("k"), "stays");
        holdfast.collection("notes").insert(Map.of("id", "stays"));
        acme.quota(NamespaceQuota.none().withRowsMax(10_000));
        everythingOnce();
        int number = number(acme);

        boolean deleted = holdfast.deleteNamespace("acme");

        assertThat(deleted).isTrue();
        assertThat(holdfast.namespaces().list()).containsExactly("default");
        assertThat(rows(number)).allSatisfy((table, rows) -> assertThat(rows).isZero());
        assertThat(holdfast.kv().get(Key.of("k"))).isPresent();
        assertThat(holdfast.collection("notes").count()).isEqualTo(1);

        assertThat(acme.kv().get(Key.of("k"))).isEmpty();
        acme.collection("notes").insert(Map.of("id", "new", "text", "words"));
        assertThat(acme.collection("notes").count()).isEqualTo(1);
        assertThat(acme.quota()).isEqualTo(NamespaceQuota.none());
        assertThat(number(acme)).isGreaterThan(number);
    }

    @Test
    void theTokensOfADeletedNamespaceGoWithItAndAreRefusedAtOnce() {
        CreatedToken tenants =
                holdfast.tokens().create(NewToken.of("tenant", Token.Scope.READ).in("acme"));
        CreatedToken others =
                holdfast.tokens().create(NewToken.of("other", Token.Scope.READ).in("other"));
        CreatedToken everywhere = holdfast.tokens().create(NewToken.admin("admin"));
        int number = number(acme);
        assertThat(rows(number)).containsEntry("tokens", 1L);
        assertThat(holdfast.tokens().find(tenants.secret())).contains(tenants.token());

        holdfast.deleteNamespace("acme");

        assertThat(holdfast.tokens().find(tenants.secret())).isEmpty();
        assertThat(rows(number)).containsEntry("tokens", 0L);
        assertThat(holdfast.tokens().list()).containsExactlyInAnyOrder(others.token(), everywhere.token());
        assertThat(holdfast.tokens().find(others.secret())).contains(others.token());
        acme.kv().set(Key.of("k"), "a new namespace of the same name");
        assertThat(holdfast.tokens().find(tenants.secret())).isEmpty();
    }

    @Test
    void deletingWhatDoesNotExistOrTheDefaultDoesNothing() {
        assertThat(holdfast.deleteNamespace("nobody")).isFalse();
        assertThatThrownBy(() -> holdfast.deleteNamespace("default"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("namespace.default");
        assertThatThrownBy(() -> holdfast.transaction(tx -> holdfast.deleteNamespace("acme")))
                .hasMessageContaining("engine.inside_transaction");
    }

    @Test
    void manyRowsGoInBoundedBatches() {
        for (int batch = 0; batch < 3; batch++) {
            int from = batch * 1_000;
            acme.transaction(tx -> {
                IntStream.range(from, from + 1_000).forEach(i -> tx.kv().set(Key.of("k", i), i));
                return from;
            });
        }
        int number = number(acme);

        holdfast.deleteNamespace("acme");

        assertThat(rows(number)).allSatisfy((table, rows) -> assertThat(rows).isZero());
    }

    @Test
    void whatALateWriterLeavesIsSweptAway() {
        acme.kv().set(Key.of("k"), 1);
        int number = number(acme);
        holdfast.deleteNamespace("acme");
        String late = holdfast.database()
                .tables()
                .sql("insert into {p}kv (ns, key, value, encoding, versionstamp) values (?, ?, ?, 0, 1)");
        holdfast.database().engine().write(unit -> unit.exec(late, number, new byte[] {1}, new byte[] {2}));

        sweep();

        assertThat(rows(number)).allSatisfy((table, rows) -> assertThat(rows).isZero());
    }

    @Test
    void noNumberIsUsedAgainHoweverLongItIsGone() {
        int first = number(acme);
        acme.kv().set(Key.of("k"), 1);
        holdfast.deleteNamespace("acme");

        time.advance(Duration.ofHours(1));
        sweep();
        int second = number(holdfast.namespace("second"));
        sweep();
        holdfast.deleteNamespace("second");
        time.advance(Duration.ofHours(1));
        sweep();
        int third = number(holdfast.namespace("third"));

        assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    }

    /** Uses every kind of write that changes how much there is. */
    private void everythingOnce() {
        acme.kv().search().createIndex(KeyPrefix.of(Key.of("k")), List.of("text"), Tokenizer.UNICODE61, true);
        acme.kv().set(Key.of("k", 1), Map.of("text", "some words"));
        acme.kv().set(Key.of("k", 1), Map.of("text", "longer than they were before"));
        acme.kv().set(Key.of("k", 2), "expires", Duration.ofSeconds(1));
        acme.kv().set(Key.of("k", 3), "is deleted");
        acme.kv().deleteExact(Key.of("k", 3));
        acme.kv().atomic().sum(Key.of("sum"), 5).append(Key.of("list"), 1, 2).commit();
        acme.kv().atomic().sum(Key.of("sum"), 500_000).delete(Key.of("list")).commit();
        Collection notes = acme.collection("notes");
        notes.createIndex(DocumentIndex.on("by_text", "text").asUnique());
        notes.search().createIndex(List.of("text"), Tokenizer.UNICODE61);
        notes.insert(Map.of("id", "ä1", "text", "one"));
        notes.insertMany(List.of(Map.of("id", "2", "text", "two"), Map.of("id", "3", "text", "three")));
        notes.update("2", Map.of("text", "two and more"));
        notes.upsert(Map.of("id", "3", "text", "3"));
        notes.upsert(Map.of("id", "4", "text", "4"));
        notes.delete("2");
        notes.delete(Filter.where("text").eq("4"));
        acme.collection("gone").insertMany(List.of(Map.of("id", "1"), Map.of("id", "2")));
        acme.collection("gone").drop();
        time.advance(Duration.ofSeconds(2));
        KvRoom.of(holdfast.database()).sweep("acme");
    }

    private int fill(int writer) {
        int written = 0;
        for (int i = 0; i < 100; i++) {
            try {
                acme.kv().set(Key.of(writer, i), i);
                written++;
            } catch (InvalidInputException e) {
                assertThat(e.code()).isEqualTo("namespace.quota");
                return written;
            }
        }
        return written;
    }

    private void sweep() {
        sweep(holdfast);
    }

    static void sweep(Holdfast holdfast) {
        List<NamespaceRoom> rooms = List.of(
                AccessRoom.of(holdfast.database()),
                KvRoom.of(holdfast.database()),
                CollectionRoom.of(holdfast.database()),
                SearchRoom.of(holdfast.database()));
        new NamespaceKeeper(holdfast.database(), rooms).sweep();
    }

    private Map<String, Long> rows(int ns) {
        Map<String, Long> all = new TreeMap<>();
        for (String table : TABLES) {
            String count = holdfast.database().tables().sql("select count(*) from {p}" + table + " where ns = ?");
            all.put(
                    table,
                    holdfast.database()
                            .engine()
                            .read(unit ->
                                    unit.first(count, row -> row.getLong(1), ns).orElseThrow()));
        }
        return all;
    }

    private static int number(Namespace namespace) {
        return namespace.session().write(UnitKind.OPERATION, Tx::ns);
    }

    private static void refused(Runnable write) {
        assertThatThrownBy(write::run)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("namespace.quota:");
    }
}
