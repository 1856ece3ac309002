package dev.holdfast.collection;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.FieldPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which members of documents are wanted. Members are named by paths of names, such as {@code author.name}; what is an
 * array is taken or left whole. Immutable.
 */
public final class DocumentProjection {
    private static final DocumentProjection EVERYTHING = new DocumentProjection(Mode.EVERYTHING, Map.of());

    private final Mode mode;
    /** Names and what is named below them; nothing below means the whole member. */
    private final Map<String, Branch> branches;

    private DocumentProjection(Mode mode, Map<String, Branch> branches) {
        this.mode = mode;
        this.branches = branches;
    }

    /** The whole document. */
    public static DocumentProjection everything() {
        return EVERYTHING;
    }

    /**
     * Only these members, and the id.
     *
     * @throws InvalidInputException {@code collection.projection}: a path goes into an array, or names nothing
     */
    public static DocumentProjection only(String... paths) {
        return new DocumentProjection(Mode.ONLY, tree(paths));
    }

    /** Everything but these members; the id stays. See {@link #only}. */
    public static DocumentProjection without(String... paths) {
        return new DocumentProjection(Mode.WITHOUT, tree(paths));
    }

    /** The document with the wanted members. */
    Document apply(Document document) {
        if (mode == Mode.EVERYTHING) {
            return document;
        }
        ObjectNode whole = document.json();
        ObjectNode part = mode == Mode.ONLY ? only(whole, branches) : without(whole, branches);
        if (!part.has(DocumentId.FIELD)) {
            ObjectNode withId = JsonNodeFactory.instance.objectNode();
            withId.set(DocumentId.FIELD, whole.path(DocumentId.FIELD));
            part = withId.setAll(part);
        }
        return new Document(document.id(), dev.holdfast.json.Json.bytes(part), document.stamps());
    }

    private static ObjectNode only(JsonNode from, Map<String, Branch> wanted) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            Branch branch = wanted.get(member.getKey());
            if (branch != null && branch.isLeaf()) {
                part.set(member.getKey(), member.getValue());
            } else if (branch != null && member.getValue().isObject()) {
                part.set(member.getKey(), only(member.getValue(), branch.below));
            }
        }
        return part;
    }

    private static ObjectNode without(JsonNode from, Map<String, Branch> unwanted) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            Branch branch = unwanted.get(member.getKey());
            if (branch == null) {
                part.set(member.getKey(), member.getValue());
            } else if (!branch.isLeaf()) {
                JsonNode value = member.getValue();
                part.set(member.getKey(), value.isObject() ? without(value, branch.below) : value);
            }
        }
        return part;
    }

    private static Map<String, Branch> tree(String... paths) {
        Branch root = new Branch();
        for (String path : Objects.requireNonNull(paths, "paths")) {
            Branch at = root;
            for (String name : names(path)) {
                at = at.below.computeIfAbsent(name, any -> new Branch());
            }
            at.whole = true;
        }
        return root.below;
    }

    /** The names of a path that has no other steps. */
    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        String path = FieldPath.parse(text).toString();
        boolean quoted = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (quoted && c == '\\') {
                name.append(path.charAt(++i));
            } else if (c == '"' && (quoted || name.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && c == '.') {
                names.add(name.toString());
                name.setLength(0);
            } else if (!quoted && c == '[') {
                throw notNames(text);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        // The written form of a path quotes what is not its own way of writing a name.
        if (!FieldPath.of(names.toArray(String[]::new)).equals(FieldPath.parse(text))) {
            throw notNames(text);
        }
        return names;
    }

    private static InvalidInputException notNames(String path) {
        return new InvalidInputException(
                "collection.projection",
                "a projection takes names of members joined by dots, nothing else (pathChars=" + path.length() + ")");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentProjection that && mode == that.mode && branches.equals(that.branches);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, branches);
    }

    @Override
    public String toString() {
        return mode + Arrays.toString(branches.keySet().toArray());
    }

    private enum Mode {
        EVERYTHING,
        ONLY,
        WITHOUT
    }

    /** The members below one name. */
    private static final class Branch {
        private final Map<String, Branch> below = new LinkedHashMap<>();
        private boolean whole;

        boolean isLeaf() {
            return whole;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Branch that && whole == that.whole && below.equals(that.below);
        }

        @Override
        public int hashCode() {
            return Objects.hash(whole, below);
        }
    }
}
