package dev.holdfast.collection;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is done to a document. Its id stays: an update that would change it is refused with
 * {@code collection.id_change}.
 *
 * {@snippet :
 * notes.update("n1", DocumentUpdate.merge(Map.of("done", true)).remove("draft"));
 * }
 */
public sealed interface DocumentUpdate {
    /**
     * Replaces members, as they stand at the top of the document; what is not named stays.
     *
     * @param values the new members; null is a value
     * @param removed the members that go; one that is not there is no error
     */
    record Merge(ObjectNode values, Set<String> removed) implements DocumentUpdate {
        /** Keeps its own copies, and refuses to remove the id. */
        public Merge {
            values = values.deepCopy();
            removed = Set.copyOf(removed);
            if (removed.contains(DocumentId.FIELD)) {
                throw DocumentInput.idChange();
            }
        }

        /** The same, removing these members too. */
        public Merge remove(String... names) {
            Set<String> all = new LinkedHashSet<>(removed);
            all.addAll(Arrays.asList(names));
            return new Merge(values, all);
        }
    }

    /** Replaces the whole document but its id. */
    record Replace(ObjectNode document) implements DocumentUpdate {
        /** Keeps its own copy. */
        public Replace {
            document = document.deepCopy();
        }
    }

    /**
     * Replaces the document by what a function makes of it. The function may change the tree it is given, or return
     * another. It may run more than once, on the newest version each time, so it must have no other effect.
     */
    record Apply(UnaryOperator<ObjectNode> function) implements DocumentUpdate {
        /** Checks for null. */
        public Apply {
            Objects.requireNonNull(function, "function");
        }
    }

    /** Replaces the members that a Java value has: a JSON object, a map, a record. */
    static Merge merge(Object values) {
        return new Merge(DocumentInput.object(values), Set.of());
    }

    /** Removes members. */
    static Merge remove(String... names) {
        return new Merge(JsonNodeFactory.instance.objectNode(), Set.of()).remove(names);
    }

    /** Replaces the document by a Java value: a JSON object, a map, a record. */
    static Replace replace(Object document) {
        return new Replace(DocumentInput.object(document));
    }

    /** Replaces the document by what a function makes of it. */
    static Apply apply(UnaryOperator<ObjectNode> function) {
        return new Apply(function);
    }
}
