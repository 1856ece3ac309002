package dev.holdfast.search;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random documents and queries over few words, so that they meet, and over every character that means something
 * somewhere.
 */
final class RandomTexts {
    static final List<String> FIELDS = List.of("title", "tags", "n");

    private static final String[] WORDS = {
        "run",
        "runs",
        "Running",
        "runner",
        "cafe",
        "Café",
        "CAFE\u0301",
        "naïve",
        "東京",
        "東京都",
        "हिन्दी",
        "हिन्",
        "a",
        "A",
        "ab",
        "abc",
        "b",
        "x1",
        "42",
        "or",
        "OR",
        "AND",
        "NOT",
        "NEAR",
        "tokens",
        "decoy",
        "über",
        "ÜBERALL",
        "한국",
        "Ёлка",
        "\ue000\ue001",
        "\ud835\udd38",
        "w".repeat(300),
        "w".repeat(256),
        "null",
        "true",
    };
    private static final String[] SIGNS = {
        " ",
        " ",
        " ",
        " ",
        " ",
        "  ",
        "-",
        "'",
        "''",
        "\\",
        "\\'",
        "\"",
        "\0",
        "\n",
        "¶",
        "&",
        "|",
        "!",
        "<->",
        ":*",
        ":",
        "(",
        ")",
        "{",
        "}",
        "^",
        "+",
        ",",
        "*",
        "%",
        "_",
        "\ud800",
        "\ud83d\ude00",
        "\u0301",
        "\u200d",
    };
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Random random;

    RandomTexts(Random random) {
        this.random = random;
    }

    JsonNode document() {
        ObjectNode document = JSON.objectNode();
        document.put("title", text(8));
        document.put("hidden", text(8));
        if (random.nextBoolean()) {
            var tags = document.putArray("tags");
            for (int i = random.nextInt(4); i > 0; i--) {
                tags.add(text(3));
            }
        }
        if (random.nextBoolean()) {
            document.put("n", random.nextInt(50));
        }
        return document;
    }

    String query() {
        var query = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 ->
                    query.append('"').append(word()).append(' ').append(word()).append('"');
                case 1 -> query.append(word()).append(" OR ").append(word());
                case 2, 3 -> query.append(start()).append('*');
                case 4 -> query.append(text(2));
                default -> query.append(word());
            }
            query.append(random.nextInt(6) == 0 ? sign() : " ");
        }
        return query.toString();
    }

    private String text(int wordsMax) {
        var text = new StringBuilder();
        for (int i = random.nextInt(wordsMax + 1); i > 0; i--) {
            text.append(word()).append(random.nextBoolean() ? " " : sign());
        }
        return text.toString();
    }

    private String start() {
        String word = word();
        return word.substring(0, word.offsetByCodePoints(0, 1 + random.nextInt(word.codePointCount(0, word.length()))));
    }

    private String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private String sign() {
        return SIGNS[random.nextInt(SIGNS.length)];
    }
}
