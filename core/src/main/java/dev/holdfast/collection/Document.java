package dev.holdfast.collection;

import dev.holdfast.codec.Codec;
import dev.holdfast.codec.Codecs;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stored document as it was when it was read: a JSON object with its id, and what the store knows about it. Safe for
 * use by many threads as long as nobody changes its tree.
 */
public final class Document {
    private final String id;
    private final byte[] body;
    private final Versionstamp versionstamp;
    private final Versionstamp firstVersionstamp;
    private final Instant createdAt;
    private final Instant updatedAt;
    private @Nullable ObjectNode tree;

    Document(String id, byte[] body, Stamps stamps) {
        this.id = id;
        this.body = body;
        this.versionstamp = new Versionstamp(stamps.last());
        this.firstVersionstamp = new Versionstamp(stamps.first());
        this.createdAt = Instant.ofEpochMilli(stamps.createdAt());
        this.updatedAt = Instant.ofEpochMilli(stamps.updatedAt());
    }

    /** The id; it also is the member {@code id} of the object. */
    public String id() {
        return id;
    }

    /**
     * The object, parsed when it is first asked for. The tree is the caller's own: changing it changes nothing stored.
     */
    public ObjectNode json() {
        ObjectNode known = tree;
        if (known == null) {
            known = (ObjectNode) Json.parse(body);
            tree = known;
        }
        return known;
    }

    /** The object as a Java value; see {@link Codecs#json(Class)}. */
    public <T> T as(Class<T> type) {
        return as(Codecs.json(type));
    }

    /**
     * The object as a codec reads it.
     *
     * @throws dev.holdfast.engine.InvalidInputException the document is no value of that type
     */
    public <T> T as(Codec<T> codec) {
        return codec.decode(body);
    }

    /** A copy of the JSON text in UTF-8, as it is stored. */
    public byte[] bytes() {
        return body.clone();
    }

    /**
     * The versionstamp of the commit that wrote it last; different after every write, so it serves as an entity tag.
     */
    public Versionstamp versionstamp() {
        return versionstamp;
    }

    /** When it was inserted, by the store's clock. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When it was written last, by the store's clock. */
    public Instant updatedAt() {
        return updatedAt;
    }

    /** The versionstamp of the commit that inserted it. */
    Versionstamp firstVersionstamp() {
        return firstVersionstamp;
    }

    /** The stored bytes without a copy; they must never be changed. */
    byte[] body() {
        return body;
    }

    Stamps stamps() {
        return new Stamps(
                versionstamp.value(), firstVersionstamp.value(), createdAt.toEpochMilli(), updatedAt.toEpochMilli());
    }

    /** Documents are equal when they are the same version of the same id with the same text. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Document that
                && id.equals(that.id)
                && versionstamp.equals(that.versionstamp)
                && java.util.Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, versionstamp);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * What goes with a body in its row: versionstamps of the last and the first write, and their times in milliseconds.
     */
    record Stamps(long last, long first, long createdAt, long updatedAt) {}
}
