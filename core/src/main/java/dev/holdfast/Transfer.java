package dev.holdfast;

import dev.holdfast.collection.CollectionRoom;
import dev.holdfast.collection.CollectionTransfer;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Namespaces;
import dev.holdfast.engine.Session;
import dev.holdfast.json.Json;
import dev.holdfast.kv.KvRoom;
import dev.holdfast.kv.KvTransfer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A store as lines of JSON: from any engine to any engine. A first line names the format; then for every namespace a
 * line with its name and the lines of its rooms. Versionstamps are left out: what is imported carries new ones, higher
 * than any that the store handed out before.
 */
final class Transfer {
    private static final String FORMAT = "holdfast";
    private static final int VERSION = 1;
    private static final String NAMESPACE = "namespace";
    private static final String ROOM = "room";

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
            lines.accept(Json.mapper().createObjectNode().put(FORMAT, VERSION));
            for (String name : namespaces) {
                lines.accept(Json.mapper().createObjectNode().put(NAMESPACE, name));
                holdfast.namespace(name).read(tx -> {
                    export(tx.tx(), lines);
                    return name;
                });
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.flush();
        return lines.count;
    }

    private static void export(Session session, Consumer<ObjectNode> out) {
        KvTransfer.export(session, line -> out.accept(line.put(ROOM, KvRoom.NAME)));
        CollectionTransfer.export(session, line -> out.accept(line.put(ROOM, CollectionRoom.NAME)));
    }

    /** Reads what {@link #export} wrote into this store, beside what it holds; answers the number of lines. */
    long load(InputStream source, LongConsumer progress) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8));
        String head = in.readLine();
        if (head == null || Json.parse(head).path(FORMAT).asInt(0) != VERSION) {
            throw new InvalidInputException(
                    "transfer.format", "this is no export that this version reads (version=" + VERSION + ")");
        }
        // What users saw of the store that was exported has versionstamps up to now.
        holdfast.database().raiseBase(0);
        long count = 1;
        Loading loading = new Loading(holdfast.namespace(Namespaces.DEFAULT).session());
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            JsonNode line = Json.parse(text);
            count++;
            if (line.has(NAMESPACE)) {
                loading.finish();
                loading = new Loading(
                        holdfast.namespace(line.path(NAMESPACE).asString("")).session());
            } else if (!loading.load(line)) {
                throw new InvalidInputException("transfer.line", "the line is of no known room (line=" + count + ")");
            }
            progress.accept(count);
        }
        loading.finish();
        return count;
    }

    /** A hash over the content of all rooms, the same for equal content on any engine. */
    String hash() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            export(
                    holdfast.namespaces().list(),
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest),
                    lines -> {});
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What is being loaded into one namespace: each room takes its lines. */
    private static final class Loading {
        private final KvTransfer kv;
        private final CollectionTransfer collections;

        Loading(Session session) {
            kv = new KvTransfer(session);
            collections = new CollectionTransfer(session);
        }

        /** Takes a line; false when it is of no known room. */
        boolean load(JsonNode line) {
            switch (line.path(ROOM).asString("")) {
                case KvRoom.NAME -> kv.load(line);
                case CollectionRoom.NAME -> collections.load(line);
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** Writes what is waiting. */
        void finish() {
            kv.finish();
            collections.finish();
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
                out.write(Json.text(line));
                out.write('\n');
                progress.accept(++count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
