package dev.holdfast.collection;

import dev.holdfast.collection.QueryOrder.Position;
import dev.holdfast.engine.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts documents that come in another order, holding no more than are wanted. */
final class SortBuffer {
    private final QueryOrder order;
    private final long wanted;
    private final CollectionLimits limits;
    private final Comparator<Placed> ascending;
    private final PriorityQueue<Placed> greatestFirst;
    private long bytes;

    /**
     * An empty buffer.
     *
     * @param wanted how many documents are wanted, 0 for all
     */
    SortBuffer(QueryOrder order, long wanted, CollectionLimits limits) {
        this.order = order;
        this.wanted = wanted;
        this.limits = limits;
        this.ascending = Comparator.comparing(Placed::position, order.comparator());
        this.greatestFirst = new PriorityQueue<>(ascending.reversed());
    }

    /**
     * Adds a document, and lets go of one that is no longer wanted.
     *
     * @throws InvalidInputException {@code collection.sort_limit}: more would have to be held than the limits allow
     */
    void add(Document document) {
        greatestFirst.add(new Placed(order.position(document), document));
        bytes += document.body().length;
        if (wanted > 0 && greatestFirst.size() > wanted) {
            bytes -= greatestFirst.remove().document.body().length;
        }
        if (greatestFirst.size() > limits.sortDocumentsMax() || bytes > limits.sortBytesMax()) {
            throw new InvalidInputException(
                    "collection.sort_limit",
                    "too much to sort in memory: declare an index on the sort's fields, or ask for fewer documents"
                            + " (documents=" + greatestFirst.size() + ", sortDocumentsMax=" + limits.sortDocumentsMax()
                            + ", bytes=" + bytes + ", sortBytesMax=" + limits.sortBytesMax() + ")");
        }
    }

    /** The documents in order. */
    List<Document> sorted() {
        List<Placed> all = new ArrayList<>(greatestFirst);
        all.sort(ascending);
        return all.stream().map(Placed::document).toList();
    }

    /** A document and its place. */
    private record Placed(Position position, Document document) {}
}
