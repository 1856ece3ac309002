package dev.holdfast.cli.load;

/**
 * How appends look.
 *
 * @param connections open at once, each with one request under way
 * @param streams that requests go to at random
 * @param bytes of a message
 * @param messages of JSON in one request; 0: a request is a line of text
 */
public record LoadShape(int connections, int streams, int bytes, int messages) {
    /** The smallest message. */
    public static final int BYTES_MIN = LoadContent.BYTES_MIN;

    /** Messages that one request stores. */
    public int messagesStored() {
        return Math.max(1, messages);
    }
}
