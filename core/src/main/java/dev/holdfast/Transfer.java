package dev.holdfast;

import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.CollectionTransfer;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvTransfer;
import dev.holdfast.queue.QueueRoom;
import dev.holdfast.queue.QueueTransfer;
import dev.holdfast.record.RecordRoom;
import dev.holdfast.record.RecordTransfer;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.stream.StreamTransfer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A store as lines of JSON: from any engine to any engine. A first line names the format; then for every namespace a
 * line with its name and the lines of its rooms; a last line says that this is the end. Versionstamps are left out:
 * what is imported carries new ones, higher than any that the store handed out before.
 */
final class Transfer {
    /** What begins the content that a hash covers; it stays what it is when the format changes. */
    private static final int HASHED = 1;

    static final String ROOM = "room";

    private final Holdfast holdfast;

    Transfer(Holdfast holdfast) {
        this.holdfast = holdfast;
    }

    /**
     * Writes namespaces, each as one snapshot; answers the number of lines.
     *
     * @param progress is told the number of lines after each
     */
    long export(List<String> namespaces, OutputStream target, LongConsumer progress) throws IOException {
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
        Lines lines = new Lines(out, progress);
        try {
            lines.accept(ExportLines.head(ExportLines.VERSION));
            export(namespaces, lines);
            lines.accept(ExportLines.end(lines.count + 1));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.flush();
        return lines.count;
    }

    private void export(List<String> namespaces, Consumer<ObjectNode> out) {
        for (String name : namespaces) {
            out.accept(NamespaceLine.of(holdfast.namespace(name)));
            holdfast.namespace(name).read(tx -> {
                export(tx.tx(), out);
                return name;
            });
        }
    }

    private static void export(Session session, Consumer<ObjectNode> out) {
        KvTransfer.export(session, line -> out.accept(line.put(ROOM, KvRoom.NAME)));
        CollectionTransfer.export(session, line -> out.accept(line.put(ROOM, CollectionRoom.NAME)));
        StreamTransfer.export(session, line -> out.accept(line.put(ROOM, StreamRoom.NAME)));
        RecordTransfer.export(session, line -> out.accept(line.put(ROOM, RecordRoom.NAME)));
        QueueTransfer.export(session, line -> out.accept(line.put(ROOM, QueueRoom.NAME)));
    }

    /**
     * Looks at all that {@link #export} wrote, and writes nothing.
     *
     * @throws InvalidInputException it is no whole export, or holds something that no store takes
     */
    void check(InputStream source) throws IOException {
        ExportLines lines = new ExportLines(source);
        Loading loading = new Loading(holdfast, new NamespaceLine(Namespaces.DEFAULT, Optional.empty()));
        for (JsonNode line = lines.next(); line != null; line = lines.next()) {
            try {
                loading = loading.of(line);
                loading.check(line);
            } catch (InvalidInputException e) {
                throw new InvalidInputException(e.code(), "line " + lines.count() + ": " + e.detail(), e);
            }
        }
    }

    /** Reads what {@link #export} wrote into this store, beside what it holds; answers the number of lines. */
    long load(InputStream source, LongConsumer progress) throws IOException {
        ExportLines lines = new ExportLines(source);
        // What users saw of the store that was exported has versionstamps up to now.
        holdfast.database().raiseBase(0);
        long imported = lines.count();
        Loading loading = new Loading(holdfast, new NamespaceLine(Namespaces.DEFAULT, Optional.empty()));
        try {
            for (JsonNode line = lines.next(); line != null; line = lines.next()) {
                Loading next = loading.of(line);
                if (next != loading) {
                    loading.finish();
                    loading = next;
                }
                loading.load(line);
                imported = lines.count() - loading.waiting();
                progress.accept(lines.count());
            }
            loading.finish();
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.code(), halfDone(e, imported), e);
        } catch (EngineException e) {
            throw new EngineException(e.code(), halfDone(e, imported), e);
        }
        if (lines.hasEnd()) {
            progress.accept(lines.count());
        }
        return lines.count();
    }

    private static String halfDone(HoldfastException failure, long imported) {
        return failure.detail() + "; lines 1 to " + imported
                + " of the export were imported, the others not; it may be imported again";
    }

    /** A hash over the content of all rooms, the same for equal content on any engine. */
    String hash() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            OutputStream nowhere = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
            try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(nowhere, StandardCharsets.UTF_8))) {
                Lines lines = new Lines(out, count -> {});
                lines.accept(ExportLines.head(HASHED));
                export(holdfast.namespaces().list(), lines);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What is being loaded into one namespace: each room takes its lines. */
    private static final class Loading {
        private final Holdfast holdfast;
        private final NamespaceLine head;
        private final KvTransfer kv;
        private final CollectionTransfer collections;
        private final StreamTransfer streams;
        private final RecordTransfer records;
        private final QueueTransfer queues;

        Loading(Holdfast holdfast, NamespaceLine head) {
            this.holdfast = holdfast;
            this.head = head;
            Session session = holdfast.namespace(head.name()).session();
            kv = new KvTransfer(session);
            collections = new CollectionTransfer(session);
            streams = new StreamTransfer(session);
            records = new RecordTransfer(session);
            queues = new QueueTransfer(session);
        }

        /** What is loaded from this line on: the line of a namespace begins another one. */
        Loading of(JsonNode line) {
            return NamespaceLine.is(line) ? new Loading(holdfast, NamespaceLine.read(line)) : this;
        }

        /** Looks at a line, and writes nothing. */
        void check(JsonNode line) {
            if (NamespaceLine.is(line)) {
                return;
            }
            switch (line.path(ROOM).asString("")) {
                case KvRoom.NAME -> kv.check(line);
                case CollectionRoom.NAME -> collections.check(line);
                case StreamRoom.NAME -> streams.check(line);
                case RecordRoom.NAME -> records.check(line);
                case QueueRoom.NAME -> queues.check(line);
                default -> throw new InvalidInputException("transfer.line", "it is of no known room");
            }
        }

        /** Takes a line that was checked. */
        void load(JsonNode line) {
            if (NamespaceLine.is(line)) {
                return;
            }
            switch (line.path(ROOM).asString("")) {
                case KvRoom.NAME -> kv.load(line);
                case CollectionRoom.NAME -> collections.load(line);
                case RecordRoom.NAME -> records.load(line);
                case QueueRoom.NAME -> queues.load(line);
                default -> streams.load(line);
            }
        }

        /** How many lines wait to be written. */
        int waiting() {
            return kv.waiting() + collections.waiting() + streams.waiting() + records.waiting() + queues.waiting();
        }

        /** Writes what is waiting, then sets the quota: what is imported is there whatever it says. */
        void finish() {
            kv.finish();
            collections.finish();
            streams.finish();
            records.finish();
            queues.finish();
            head.quota().ifPresent(holdfast.namespace(head.name())::quota);
        }
    }

    /** Writes lines and counts them. */
    private static final class Lines implements Consumer<ObjectNode> {
        private final BufferedWriter out;
        private final LongConsumer progress;
        private long count;

        Lines(BufferedWriter out, LongConsumer progress) {
            this.out = out;
            this.progress = progress;
        }

        @Override
        public void accept(ObjectNode line) {
            try {
                out.write(Json.textAround(line));
                out.write('\n');
                progress.accept(++count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
