package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.collection.Collection;
import dev.holdfast.collection.DocumentIndex;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvValue;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.RetryPolicy;
import dev.holdfast.search.Tokenizer;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.v8.V8Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store with something of everything is sound; damaged past the library in any way it is not, and is said to be. */
abstract class DoctorContract {

    /** The name of the database, which is empty until {@link #makeFilled}. */
    abstract String database();

    /** Makes the database a copy of one that {@link #fill} filled, since filling takes a second. */
    abstract void makeFilled() throws IOException;

    /** A connection to it that knows nothing of Holdfast. */
    abstract Connection connect() throws SQLException;

    /** Bytes as the database writes them in SQL. */
    abstract String bytes(String hex);

    @Test
    void findsNothingWrongInAStoreThatWasOnlyUsed() throws IOException {
        makeFilled();

        assertThat(examine(Doctor.Verdict.SOUND)).noneMatch(line -> line.startsWith("fault"));
    }

    @Test
    void findsNothingWrongInAnEmptyStore() {
        try (Holdfast holdfast = Holdfast.open(database())) {
            List<Finding> findings = new ArrayList<>();

            assertThat(holdfast.doctor().examine(findings::add)).isEqualTo(Doctor.Verdict.SOUND);
            assertThat(findings).noneMatch(finding -> finding.kind() == Finding.Kind.FAULT);
        }
    }

    @Test
    void anIndexThatWasRolledBackIsWrittenByNobody() {
        try (Holdfast holdfast = Holdfast.open(database())) {
            holdfast.kv().set(Key.of("notes", 0), 0);
            assertThatThrownBy(() -> holdfast.transaction(tx -> {
                        tx.kv().search().createIndex(KeyPrefix.of("notes"), List.of("text"), Tokenizer.UNICODE61, true);
                        tx.kv().set(Key.of("notes", 1), KvValue.jsonText("{\"text\":\"one\"}"), Optional.empty());
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");

            holdfast.kv().set(Key.of("notes", 2), KvValue.jsonText("{\"text\":\"two\"}"), Optional.empty());
        }

        assertThat(examine(Doctor.Verdict.SOUND)).noneMatch(line -> line.startsWith("fault"));
    }

    @Test
    void findsNothingWrongWhenALargeCommitIsBeingPruned() throws IOException, SQLException {
        makeFilled();
        String several = "(select max(versionstamp) from holdfast_changes where ns = 1 and n = 1)";
        damage("update holdfast_namespaces set changes_floor = " + several + " where ns = 1");
        damage("delete from holdfast_changes where ns = 1 and versionstamp < " + several);
        damage("delete from holdfast_changes where ns = 1 and n = 0 and versionstamp = " + several);

        assertThat(examine(Doctor.Verdict.SOUND)).noneMatch(line -> line.startsWith("fault"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void findsWhatWasDamaged(Damage damage) throws IOException, SQLException {
        makeFilled();

        damage(damage.sql.replace("{hex:ff}", bytes("ff")).replace("{hex:7b}", bytes("7b")));

        assertThat(examine(Doctor.Verdict.FAULTY)).anyMatch(line -> line.startsWith("fault: " + damage.finding));
    }

    static Stream<Damage> damages() {
        return Stream.of(keys(), values(), log(), search(), collections(), indexes(), streams(), queues(), namespaces())
                .flatMap(List::stream);
    }

    private static List<Damage> keys() {
        return List.of(
                new Damage(
                        "kv: the key is not the encoding of a key",
                        "insert into holdfast_kv (ns, key, value, encoding, versionstamp) values"
                                + " (1, {hex:ff}, {hex:7b}, 3, 1)"),
                new Damage(
                        "kv: the key does not stand at its place in the second order",
                        "update holdfast_kv set wire = null where wire is not null"));
    }

    private static List<Damage> values() {
        return List.of(
                new Damage(
                        "kv: the value cannot be read", "update holdfast_kv set value = {hex:7b} where encoding = 0"),
                new Damage("kv: the value has an unknown encoding", "update holdfast_kv set encoding = 9"),
                new Damage("kv: a counter has 8 bytes", "update holdfast_kv set value = {hex:7b} where encoding = 2"),
                new Damage("kv: the time of expiry is none", "update holdfast_kv set expires_at = -5"),
                new Damage(
                        "kv: the versionstamp 9000000000000000000 was never handed out",
                        "update holdfast_kv set versionstamp = 9000000000000000000 where encoding = 2"));
    }

    private static List<Damage> log() {
        return List.of(
                new Damage(
                        "engine: the change log has a gap or is out of order",
                        "delete from holdfast_changes where n = 0 and versionstamp in"
                                + " (select versionstamp from holdfast_changes where n = 1)"),
                new Damage(
                        "engine: the change log names an unknown room", "update holdfast_changes set room = 'attic'"),
                new Damage("engine: the change log names an unknown operation", "update holdfast_changes set op = 9"),
                new Damage(
                        "engine: the change log holds what was pruned",
                        "update holdfast_namespaces set changes_floor ="
                                + " (select max(versionstamp) from holdfast_changes where ns = 1) where ns = 1"),
                new Damage(
                        "engine: the change log was pruned up to a versionstamp never handed out",
                        "update holdfast_namespaces set changes_floor = 9000000000000000000"),
                new Damage(
                        "engine: the versionstamp 9000000000000000000 was never handed out",
                        "update holdfast_changes set versionstamp = 9000000000000000000 where versionstamp ="
                                + " (select max(versionstamp) from holdfast_changes where ns = 1)"),
                new Damage(
                        "kv: an entry was written without a line in the change log",
                        "delete from holdfast_changes where room = 'kv'"),
                new Damage(
                        "collection: a document was written without a line in the change log",
                        "delete from holdfast_changes where room = 'collection'"));
    }

    private static List<Damage> search() {
        return List.of(
                new Damage(
                        "search: documents belong to a full-text index that does not exist",
                        "delete from holdfast_search_indexes"),
                new Damage(
                        "kv: the full-text index misses a document",
                        "delete from holdfast_search_docs where index_no = 1 and id ="
                                + " (select min(id) from holdfast_search_docs where index_no = 1)"),
                new Damage(
                        "kv: the full-text index has other words than the document",
                        "update holdfast_kv set value = (select value from holdfast_kv where expires_at is not null)"
                                + " where ns = 1 and encoding = 0"),
                new Damage(
                        "kv: the full-text index holds a document that does not belong there",
                        "update holdfast_search_docs set id = {hex:ff} where index_no = 1 and id ="
                                + " (select min(id) from holdfast_search_docs where index_no = 1)"),
                new Damage(
                        "collection: the full-text index misses a document",
                        "delete from holdfast_search_docs where index_no = 2 and id ="
                                + " (select min(id) from holdfast_search_docs where index_no = 2)"),
                new Damage(
                        "kv: the definition of a full-text index cannot be read",
                        "update holdfast_search_indexes set tokenizer = 'scissors'"),
                new Damage(
                        "collection: the options of a collection and its full-text index disagree",
                        "update holdfast_collections set options = '{}'"),
                new Damage(
                        "collection: a full-text index belongs to no collection",
                        "update holdfast_search_indexes set scope = 'collection/77' where scope <> 'kv'"));
    }

    private static List<Damage> collections() {
        return List.of(
                new Damage(
                        "collection: the body does not carry the id of the document",
                        "update holdfast_documents set id = 'z' where id = 'a'"),
                new Damage("collection: the body is no JSON object", "update holdfast_documents set body = {hex:7b}"),
                new Damage(
                        "collection: the id is none",
                        "update holdfast_documents set id = '" + "a".repeat(600) + "' where id = 'a'"),
                new Damage(
                        "collection: the document was inserted by a later commit than it was written last",
                        "update holdfast_documents set first_versionstamp = versionstamp + 1"),
                new Damage(
                        "collection: the document was written at no possible time",
                        "update holdfast_documents set created_at = 0"),
                new Damage(
                        "collection: the versionstamp 9000000000000000000 was never handed out",
                        "update holdfast_documents set versionstamp = 9000000000000000000"),
                new Damage(
                        "collection: rows belong to a collection or an index that does not exist (namespace=default,"
                                + " table=documents, number=99, rows=1)",
                        "update holdfast_documents set collection = 99 where id = 'a'"),
                new Damage(
                        "collection: the options of a collection cannot be read",
                        "update holdfast_collections set options = 'no'"));
    }

    private static List<Damage> indexes() {
        return List.of(
                new Damage(
                        "collection: the index misses an entry of a document (namespace=default, table=document_index",
                        "delete from holdfast_document_index where id = 'a'"),
                new Damage(
                        "collection: the index misses an entry of a document (namespace=default, table=document_unique",
                        "delete from holdfast_document_unique where id = 'a'"),
                new Damage(
                        "collection: the index holds an entry that no document asks for (namespace=default,"
                                + " table=document_index",
                        "insert into holdfast_document_index (ns, index_no, value, id) values (1, 1, {hex:ff}, 'a')"),
                new Damage(
                        "collection: the index holds an entry that no document asks for (namespace=default,"
                                + " table=document_unique",
                        "insert into holdfast_document_unique (ns, index_no, value, id) values (1, 1, {hex:ff}, 'y')"),
                new Damage(
                        "collection: rows belong to a collection or an index that does not exist (namespace=default,"
                                + " table=document_index, number=99",
                        "update holdfast_document_index set index_no = 99"),
                new Damage(
                        "collection: an index belongs to a collection that does not exist",
                        "update holdfast_indexes set collection = 99"),
                new Damage(
                        "collection: the declaration of an index cannot be read",
                        "update holdfast_indexes set paths = 'no'"),
                new Damage(
                        "collection: the declaration of an index cannot be read",
                        "update holdfast_indexes set state = 7"));
    }

    private static List<Damage> streams() {
        return List.of(
                new Damage(
                        "stream: the appends of a stream do not follow each other",
                        "update holdfast_stream_data set units = units + 1 where start = 0 and events >= 2"),
                new Damage(
                        "stream: a stream does not hold what lies before its tail",
                        "update holdfast_streams set tail = 1000000 where name = 'log'"),
                new Damage(
                        "stream: a stream does not know its forks",
                        "update holdfast_streams set forks = 7 where name = 'log'"),
                new Damage(
                        "stream: a fork has no source that reaches up to it",
                        "update holdfast_streams set source = 99 where name = 'fork'"),
                new Damage(
                        "stream: more of a stream is sealed than it holds",
                        "update holdfast_streams set sealed = 1000000 where name = 'log'"),
                new Damage(
                        "stream: a row does not hold the appends that it names",
                        "update holdfast_stream_data set ends = {hex:7b} where events >= 2"),
                new Damage(
                        "stream: there are rows of a stream that is no more (table=stream_producers",
                        "update holdfast_stream_producers set stream = 99"));
    }

    private static List<Damage> queues() {
        return List.of(
                new Damage("queue: a job is in no state", "update holdfast_queue_jobs set state = 7 where state = 3"),
                new Damage(
                        "queue: jobs are behind others of their ordering key",
                        "update holdfast_queue_jobs set state = -1, ordering_key = 'k' where state = 3"),
                new Damage("queue: a job cannot be read", "update holdfast_queue_jobs set backoff = 'often'"),
                new Damage(
                        "queue: a job cannot be read",
                        "update holdfast_queue_jobs set value = {hex:7b} where encoding = 0"),
                new Damage("queue: a job cannot be read", "update holdfast_queue_jobs set fallback = {hex:7b}"),
                new Damage(
                        "queue: a job has a priority, a time or a token that there is not",
                        "update holdfast_queue_jobs set priority = 99"),
                new Damage("queue: a job was not tried so often", "update holdfast_queue_jobs set attempt = 1000"));
    }

    private static List<Damage> namespaces() {
        return List.of(
                new Damage(
                        "engine: rows belong to a namespace that does not exist (table=holdfast_kv, ns=2, rows=2)",
                        "delete from holdfast_namespaces where name = 'acme'"),
                new Damage(
                        "engine: the namespace default with the number 1 is missing",
                        "update holdfast_namespaces set name = 'other' where ns = 1"),
                new Damage(
                        "engine: a namespace is named like another kind of one",
                        "update holdfast_namespaces set name = '\u00012' where ns = 2"),
                new Damage(
                        "engine: the counters of the quota are not what is there",
                        "update holdfast_usage set row_count = row_count + 1"),
                new Damage("schema: holdfast_kv: index holdfast_kv_expiry", "drop index holdfast_kv_expiry"));
    }

    /** Puts something of everything into an empty database. */
    static void fill(String database) {
        try (Holdfast holdfast = Holdfast.open(database)) {
            holdfast.kv().search().createIndex(KeyPrefix.of("notes"), List.of("text"), Tokenizer.UNICODE61, true);
            holdfast.kv()
                    .set(
                            Key.of("notes", 1),
                            KvValue.jsonText("{\"text\":\"the first of all notes\"}"),
                            Optional.empty());
            holdfast.kv().set(Key.of("notes", 2), KvValue.jsonText("{\"text\":\"another one\"}"), Optional.empty());
            holdfast.kv().set(Key.of("notes", "raw"), KvValue.bytes(new byte[] {1}), Optional.empty());
            byte[] v8 = V8Json.encode(Json.parse("{\"text\":\"by another program\"}"));
            holdfast.kv().set(Key.of("notes", "v8"), KvValue.v8(v8), Optional.empty());
            holdfast.kv().set(Key.of("notes", "broken"), KvValue.v8(new byte[] {1}), Optional.empty());
            holdfast.kv().set(Key.of("soon"), KvValue.jsonText("{\"n\":1}"), Optional.of(Duration.ofDays(1)));
            holdfast.kv().set(Key.of("big", BigInteger.TEN), KvValue.u64(7), Optional.empty());
            holdfast.kv().set(Key.of("gone"), KvValue.jsonText("1"), Optional.empty());
            holdfast.kv().deleteExact(Key.of("gone"));
            holdfast.namespace("acme").kv().set(Key.of("a"), KvValue.jsonText("1"), Optional.empty());

            holdfast.namespace("acme").quota(NamespaceQuota.none().withRowsMax(100));
            holdfast.namespace("acme").kv().set(Key.of("a", 1), "counted");

            holdfast.namespace("left").kv().set(Key.of("a"), 1);
            holdfast.namespace("left").collection("c").insert(Json.parse("{}"));
            holdfast.deleteNamespace("left");

            Collection people = holdfast.collection("people");
            people.insert(Json.parse("{\"id\":\"a\",\"mail\":\"a@b\",\"tags\":[\"x\",\"y\"],\"bio\":\"likes tea\"}"));
            people.createIndex(DocumentIndex.on("mail", "mail").asUnique());
            people.createIndex(DocumentIndex.on("tags", "tags").asMulti());
            people.search().createIndex(List.of("bio"), Tokenizer.PORTER);
            people.insert(Json.parse("{\"id\":\"b\",\"mail\":\"b@b\",\"tags\":[\"y\"],\"bio\":\"likes coffee\"}"));
            people.createIndex(DocumentIndex.on("passing", "bio"));
            people.dropIndex("passing");
            holdfast.collection("dropped").insert(Json.parse("{\"id\":\"a\"}"));
            holdfast.collection("dropped").drop();
            fillStreams(holdfast);
            fillQueues(holdfast);
            holdfast.transaction(tx -> {
                tx.kv().set(Key.of("both"), 1);
                return tx.collection("people").insert(Json.parse("{\"id\":\"c\",\"mail\":\"c@b\"}"));
            });
        }
    }

    private static void fillStreams(Holdfast holdfast) {
        DurableStream log = holdfast.stream("log");
        log.create(StreamSpec.json());
        for (int i = 0; i < 12; i++) {
            log.append(StreamAppend.of("{\"message\":1}".getBytes(StandardCharsets.UTF_8))
                    .by(new ProducerStamp("p", 0, i)));
        }
        holdfast.stream("fork").create(StreamSpec.of(StreamFork.of("log", 5)));
        StreamRoom room = StreamRoom.of(holdfast.database());
        room.segmentBytes(64);
        room.seal("default", "log");
    }

    private static void fillQueues(Holdfast holdfast) {
        Queue mail = holdfast.queue("mail");
        JobOptions once = JobOptions.defaults().withRetry(RetryPolicy.delays()).withFallbackKeys(Key.of("lost"));
        mail.enqueue("dead", once);
        mail.nack(mail.claim(1, Duration.ofDays(1)).getFirst().claim(), "no");
        mail.enqueue("done");
        mail.ack(mail.claim(1, Duration.ofDays(1)).getFirst().claim());
        mail.enqueue("claimed");
        mail.claim(1, Duration.ofDays(1));
        mail.enqueue(
                new byte[] {1},
                JobOptions.defaults().withDelay(Duration.ofDays(1)).withUniqueKey("k"));
        mail.pause();
        holdfast.namespace("acme").queue("mail").enqueue("counted", once);
    }

    final void damage(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql) > 0 || sql.startsWith("drop"))
                    .as("something is damaged")
                    .isTrue();
        }
    }

    /** The findings as text. */
    final List<String> examine(Doctor.Verdict expected) {
        List<String> lines = new ArrayList<>();
        assertThat(Doctor.examine(database(), HoldfastOptions.defaults(), finding -> lines.add(finding.toString())))
                .as("%s", lines)
                .isEqualTo(expected);
        return lines;
    }

    /** A statement that damages, and what is said about it. */
    record Damage(String finding, String sql) {
        @Override
        public String toString() {
            return finding;
        }
    }
}
