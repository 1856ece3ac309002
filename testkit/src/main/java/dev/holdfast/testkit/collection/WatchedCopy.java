package dev.holdfast.testkit.collection;

import dev.holdfast.collection.CollectionWatch.Event;
import dev.holdfast.collection.CollectionWatch.Update;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** The documents of a collection as the events of a watch tell them. */
final class WatchedCopy {
    private final TreeMap<String, ObjectNode> documents = new TreeMap<>(CollectionModel.ID_ORDER);

    synchronized void take(Event event) {
        if (event.everything()) {
            documents.clear();
        }
        for (Update update : event.updates()) {
            switch (update.kind()) {
                case ADDED, CHANGED ->
                    documents.put(update.id(), update.document().orElseThrow().json());
                case REMOVED -> documents.remove(update.id());
            }
        }
    }

    synchronized Map<String, ObjectNode> documents() {
        return new TreeMap<>(documents);
    }
}
