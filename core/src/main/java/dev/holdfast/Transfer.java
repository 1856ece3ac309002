package dev.holdfast;

import dev.holdfast.engine.InvalidInputException;
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
import java.util.function.Consumer;
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

    /** Writes every namespace, each as one snapshot; answers the number of lines. */
    long export(OutputStream target) throws IOException {
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(target, StandardCharsets.UTF_8));
        Lines lines = new Lines(out);
        lines.accept(Json.mapper().createObjectNode().put(FORMAT, VERSION));
        for (String name : holdfast.namespaces().list()) {
            lines.accept(Json.mapper().createObjectNode().put(NAMESPACE, name));
            holdfast.namespace(name).read(tx -> {
                export(tx.tx(), lines);
                return name;
            });
        }
        out.flush();
        return lines.count;
    }

    private static void export(Session session, Consumer<ObjectNode> out) {
        KvTransfer.export(session, line -> out.accept(line.put(ROOM, KvRoom.NAME)));
    }

    /** Reads what {@link #export} wrote into this store, beside what it holds; answers the number of lines. */
    long load(InputStream source) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8));
        String head = in.readLine();
        if (head == null || Json.parse(head).path(FORMAT).asInt(0) != VERSION) {
            throw new InvalidInputException(
                    "transfer.format", "this is no export that this version reads (version=" + VERSION + ")");
        }
        long count = 1;
        KvTransfer kv = new KvTransfer(holdfast.namespace("default").session());
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            JsonNode line = Json.parse(text);
            count++;
            if (line.has(NAMESPACE)) {
                kv.finish();
                kv = new KvTransfer(
                        holdfast.namespace(line.path(NAMESPACE).asString("")).session());
            } else if (line.path(ROOM).asString("").equals(KvRoom.NAME)) {
                kv.load(line);
            } else {
                throw new InvalidInputException("transfer.line", "the line is of no known room (line=" + count + ")");
            }
        }
        kv.finish();
        return count;
    }

    /** A hash over the content of all rooms, the same for equal content on any engine. */
    String hash() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            export(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Writes lines and counts them. */
    private static final class Lines implements Consumer<ObjectNode> {
        private final BufferedWriter out;
        private long count;

        Lines(BufferedWriter out) {
            this.out = out;
        }

        @Override
        public void accept(ObjectNode line) {
            try {
                out.write(Json.text(line));
                out.write('\n');
                count++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
