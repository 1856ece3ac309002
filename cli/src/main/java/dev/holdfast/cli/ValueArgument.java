package dev.holdfast.cli;

import dev.holdfast.collection.CollectionLimits;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.kv.KvLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values and documents as words of the command line: JSON, or {@code -} for what comes on standard input. */
final class ValueArgument {
    /** How a value is written, for the help of every command that takes one. */
    static final String HELP = "JSON; - reads it from standard input";

    private static final String STANDARD = "-";

    private ValueArgument() {}

    /** The text of a value of a key. */
    static String value(String word) throws IOException {
        return text(word, KvLimits.defaults().valueBytesMax(), "valueBytesMax");
    }

    /** The text of a document, or of what changes one. */
    static String document(String word) throws IOException {
        return text(word, CollectionLimits.defaults().documentBytesMax(), "documentBytesMax");
    }

    /** The texts of documents; standard input may be one of them. */
    static List<String> documents(List<String> words) throws IOException {
        if (Collections.frequency(words, STANDARD) > 1) {
            throw new InvalidInputException("cli.standard_input", "standard input is one value; write - once");
        }
        List<String> documents = new ArrayList<>();
        for (String word : words) {
            documents.add(document(word));
        }
        return documents;
    }

    /** A word, or standard input up to a number of bytes of UTF-8. */
    private static String text(String word, int bytesMax, String limit) throws IOException {
        if (!word.equals(STANDARD)) {
            return word;
        }
        byte[] bytes = System.in.readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw new InvalidInputException(
                    "cli.standard_input", "standard input holds more than the limit (" + limit + "=" + bytesMax + ")");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("cli.standard_input", "standard input is no UTF-8 text", e);
        }
    }
}
