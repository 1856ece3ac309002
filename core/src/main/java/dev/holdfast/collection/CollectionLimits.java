package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;

/**
 * What a caller may ask for at most. Beyond these, fixed: names of 128 characters, ids of 512 bytes, 64 indexes of a
 * collection, 8 fields of an index.
 *
 * @param documentBytesMax bytes of one document as JSON text, 2 to 1 GiB
 * @param batchDocumentsMax documents of one batch call, 1 to 100,000
 * @param sortDocumentsMax documents that may be held to sort them without an index, 1 to 10,000,000
 * @param sortBytesMax bytes of the documents that may be held to sort them without an index, 1 KiB to 16 GiB
 */
public record CollectionLimits(int documentBytesMax, int batchDocumentsMax, int sortDocumentsMax, long sortBytesMax) {
    /** Characters (UTF-16 units) of a collection's or an index's name at most. */
    public static final int NAME_CHARS_MAX = 128;

    /** Bytes of an id in UTF-8 at most. */
    public static final int ID_BYTES_MAX = 512;

    /** Indexes of one collection at most. */
    public static final int INDEXES_MAX = 64;

    /** Fields of one index, or of one sort, at most. */
    public static final int PATHS_MAX = 8;

    /** Elements of an array that an index for elements takes at most. */
    public static final int ELEMENTS_MAX = 1_000;

    private static final int DOCUMENT_BYTES_CEILING = 1 << 30;
    private static final int BATCH_CEILING = 100_000;
    private static final int SORT_CEILING = 10_000_000;
    private static final long SORT_BYTES_CEILING = 1L << 34;

    /** Checks every range. */
    public CollectionLimits {
        require("documentBytesMax", documentBytesMax, 2, DOCUMENT_BYTES_CEILING);
        require("batchDocumentsMax", batchDocumentsMax, 1, BATCH_CEILING);
        require("sortDocumentsMax", sortDocumentsMax, 1, SORT_CEILING);
        require("sortBytesMax", sortBytesMax, 1 << 10, SORT_BYTES_CEILING);
    }

    /** Documents of 16 MiB, 1,000 in a batch; 100,000 or 64 MiB sorted in memory. */
    public static CollectionLimits defaults() {
        return new CollectionLimits(16 << 20, 1_000, 100_000, 64L << 20);
    }

    /** The same with another size of a document. */
    public CollectionLimits withDocumentBytesMax(int value) {
        return new CollectionLimits(value, batchDocumentsMax, sortDocumentsMax, sortBytesMax);
    }

    /** The same with another size of a batch. */
    public CollectionLimits withBatchDocumentsMax(int value) {
        return new CollectionLimits(documentBytesMax, value, sortDocumentsMax, sortBytesMax);
    }

    /** The same with another number of documents sorted in memory. */
    public CollectionLimits withSortDocumentsMax(int value) {
        return new CollectionLimits(documentBytesMax, batchDocumentsMax, value, sortBytesMax);
    }

    /** The same with another number of bytes sorted in memory. */
    public CollectionLimits withSortBytesMax(long value) {
        return new CollectionLimits(documentBytesMax, batchDocumentsMax, sortDocumentsMax, value);
    }

    byte[] requireDocument(byte[] body) {
        if (body.length > documentBytesMax) {
            throw new InvalidInputException(
                    "collection.document_too_large",
                    "a document is larger than the limit (documentBytes=" + body.length + ", documentBytesMax="
                            + documentBytesMax + ")");
        }
        return body;
    }

    void requireBatch(int documents) {
        if (documents > batchDocumentsMax) {
            throw new InvalidInputException(
                    "collection.batch",
                    "too many documents in one call (documents=" + documents + ", batchDocumentsMax="
                            + batchDocumentsMax + ")");
        }
    }

    private static void require(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidInputException(
                    "collection.option",
                    name + " is out of range (" + name + "=" + value + ", min=" + min + ", max=" + max + ")");
        }
    }
}
