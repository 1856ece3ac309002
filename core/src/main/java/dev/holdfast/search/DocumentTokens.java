package dev.holdfast.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an index stores of one document: its tokens by place, in the forms of both databases.
 *
 * <p>The limits are those of PostgreSQL's {@code tsvector}, kept on every engine, so that all find the same documents:
 *
 * <ul>
 *   <li>Phrases are found in the first {@value #PLACES_MAX} places of a document (16,383 is its highest position). A
 *       token that occurs only behind them is found as a word and as a prefix, in no phrase.
 *   <li>Of one token the first {@value #PLACES_PER_TOKEN_MAX} places count in phrases.
 *   <li>The distinct tokens of a document have together at most {@value #BYTES_MAX} bytes (a {@code tsvector} ends at 1
 *       MiB, places included). The words behind the one that would exceed it are not indexed, and the document is
 *       {@code cut}.
 * </ul>
 *
 * @param tokens the tokens in order of their places, with {@link #GAP} where nothing stands that a phrase could match
 * @param cut whether words of the document are missing
 */
record DocumentTokens(List<String> tokens, boolean cut) {
    /** Places in which phrases are found. */
    static final int PLACES_MAX = 16_383;

    /** Places of one token. */
    static final int PLACES_PER_TOKEN_MAX = 256;

    /** UTF-8 bytes of all distinct tokens together. */
    static final int BYTES_MAX = 512 * 1024;

    /**
     * Takes a place and equals no token. It is no letter, so no tokenizer yields it, but it is not ASCII either, so
     * that FTS5's {@code ascii} tokenizer counts it as a word.
     */
    static final String GAP = "\u00B6";

    DocumentTokens {
        tokens = List.copyOf(tokens);
    }

    /** The text of a column of an FTS5 table with {@code tokenize = 'ascii'}, which cuts it at the spaces only. */
    String fts5() {
        return String.join(" ", tokens);
    }

    /**
     * The text of a {@code tsvector}, to be cast: {@code 'one':1,5 'two':2}; tokens behind the last place have none.
     */
    String tsvector() {
        Map<String, StringBuilder> places = new LinkedHashMap<>();
        int place = 0;
        for (String token : tokens) {
            place++;
            if (!token.equals(GAP)) {
                var known = places.computeIfAbsent(token, t -> new StringBuilder());
                if (place <= PLACES_MAX) {
                    known.append(known.isEmpty() ? ':' : ',').append(place);
                }
            }
        }
        var text = new StringBuilder();
        places.forEach((token, list) -> {
            text.append(text.isEmpty() ? "" : " ");
            PostgresText.quote(text, token).append(list);
        });
        return text.toString();
    }
}
