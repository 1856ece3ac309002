package dev.holdfast.collection;

import dev.holdfast.collection.CollectionWatch.Kind;
import dev.holdfast.collection.CollectionWatch.Update;
import dev.holdfast.filter.Filter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a watch's listener knows, as far as it has to be remembered to tell what an update is to it. For one thread.
 *
 * <p>With a filter all documents that match are remembered, as long as they are few enough: then every update is told
 * for what it is. Otherwise only the documents told last are, and the versionstamp of a document's first commit says
 * whether it is new: a removal may then be told of a document that was never told.
 */
final class WatchView {
    private static final int MATCHING_MAX = 100_000;
    private static final int LATEST_MAX = 10_000;
    private static final long GONE = -1;

    private final boolean filtered;
    private final Predicate<JsonNode> predicate;
    /** Versionstamps by id, the one that was told longest ago first. */
    private final LinkedHashMap<String, Long> told = new LinkedHashMap<>(16, 0.75f, true);

    private boolean exact;
    /** All that was committed up to here is known. */
    private long knownTo;

    WatchView(Filter where) {
        this.filtered = !where.equals(Filter.all());
        this.predicate = where.predicate();
    }

    /**
     * Begins anew.
     *
     * @param versions of the documents that match now, as far as {@link #isFull} asked for them
     */
    void restart(Map<String, Long> versions) {
        told.clear();
        exact = filtered && !isFull(versions.size());
        versions.forEach(this::remember);
    }

    /** The listener is told more of the documents that match now. */
    void know(Map<String, Long> versions) {
        versions.forEach(this::remember);
    }

    /** Whether no more versions of documents that match are of use. */
    boolean isFull(int versions) {
        return versions > (filtered ? MATCHING_MAX : LATEST_MAX);
    }

    /** The listener knows everything up to a position. */
    void reached(long position) {
        knownTo = Math.max(knownTo, position);
    }

    /** What there is to tell about a document that may have changed. */
    Optional<Update> update(String id, Optional<Document> now) {
        @Nullable Long before = told.get(id);
        boolean matches = now.isPresent() && predicate.test(now.get().json());
        if (!matches) {
            return removed(id, before, now);
        }
        Document document = now.orElseThrow();
        long versionstamp = document.versionstamp().value();
        if (before != null && before == versionstamp) {
            return Optional.empty();
        }
        boolean known = before == null ? !exact && document.firstVersionstamp().value() <= knownTo : before != GONE;
        remember(id, versionstamp);
        return Optional.of(new Update(id, known ? Kind.CHANGED : Kind.ADDED, now));
    }

    private Optional<Update> removed(String id, @Nullable Long before, Optional<Document> now) {
        boolean isNew = now.isPresent() && now.get().firstVersionstamp().value() > knownTo;
        boolean unknown = before == null && (exact || isNew);
        if (unknown || (before != null && before == GONE)) {
            return Optional.empty();
        }
        if (exact) {
            told.remove(id);
        } else {
            remember(id, GONE);
        }
        return Optional.of(new Update(id, Kind.REMOVED, Optional.empty()));
    }

    private void remember(String id, long versionstamp) {
        told.put(id, versionstamp);
        if (exact && told.size() > MATCHING_MAX) {
            exact = false;
        }
        Iterator<Map.Entry<String, Long>> eldest = told.entrySet().iterator();
        while (!exact && told.size() > LATEST_MAX) {
            eldest.next();
            eldest.remove();
        }
    }
}
