package dev.holdfast.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the tokens of one document within the limits of {@link DocumentTokens}. */
final class DocumentTokensBuilder {
    private final Tokenizer tokenizer;
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> placesByToken = new HashMap<>();
    private int bytes;
    private boolean cut;

    DocumentTokensBuilder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Adds a text that no phrase joins with the texts before it. */
    void add(String text) {
        if (!cut) {
            gap();
            tokenizer.each(text, this::addToken);
        }
    }

    DocumentTokens build() {
        // A gap after the last token would separate nothing.
        int end = tokens.size();
        while (end > 0 && isGap(end - 1)) {
            end--;
        }
        return new DocumentTokens(tokens.subList(0, end), cut);
    }

    /** False when the document is full. */
    private boolean addToken(String token) {
        int places = placesByToken.getOrDefault(token, 0);
        if (places == 0) {
            bytes += Utf8.length(token);
            cut = bytes > DocumentTokens.BYTES_MAX;
        }
        if (cut) {
            return false;
        }
        if (tokens.size() < DocumentTokens.PLACES_MAX) {
            tokens.add(places < DocumentTokens.PLACES_PER_TOKEN_MAX ? token : DocumentTokens.GAP);
            placesByToken.put(token, places + 1);
        } else if (places == 0) {
            // Behind the last place: between gaps, so that no engine finds a phrase here.
            gap();
            tokens.add(token);
            placesByToken.put(token, 1);
        }
        return true;
    }

    private void gap() {
        if (!tokens.isEmpty() && !isGap(tokens.size() - 1)) {
            tokens.add(DocumentTokens.GAP);
        }
    }

    private boolean isGap(int at) {
        return tokens.get(at).equals(DocumentTokens.GAP);
    }
}
