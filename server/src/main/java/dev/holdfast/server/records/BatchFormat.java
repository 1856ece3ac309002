package dev.holdfast.server.records;

import dev.holdfast.record.StoreRecord;
import dev.holdfast.server.http.ContentType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** How a batch of records travels. */
sealed interface BatchFormat permits LineBatch, FrameBatch {
    /** The media type. */
    ContentType type();

    /**
     * Reads a whole batch as it comes, to the end of the body; the first problem in the order of its bytes is the one
     * that is told.
     *
     * @throws dev.holdfast.server.http.HttpException it is not whole, or holds what is no record
     */
    List<StoreRecord> read(InputStream body) throws IOException;

    /** Writes a record. */
    void write(OutputStream out, StoreRecord record) throws IOException;

    /** Writes the marker behind so many records. */
    void end(OutputStream out, long count) throws IOException;
}
