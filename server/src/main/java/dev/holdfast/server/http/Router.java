package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of routes: it finds the route of a request, and the document of the interface is printed from it.
 * Immutable.
 */
public final class Router {
    /** A mount with its routes as a tree, and its cross-origin rules in the form that answers need. */
    record Place(Mount mount, PathTree tree, CorsPolicy cors) {
        /** The route for a request, or null. A route for GET answers HEAD as well. */
        @Nullable
        BoundRoute find(String method, String path, int[] captures) {
            int from = mount.base().length();
            BoundRoute found = tree.find(method, path, from, captures);
            return found == null && "HEAD".equals(method) ? tree.find("GET", path, from, captures) : found;
        }
    }

    private final List<BoundRoute> routes;
    private final Place[] places;

    private Router(List<BoundRoute> routes, Place[] places) {
        this.routes = List.copyOf(routes);
        this.places = places;
    }

    /**
     * A table of some mounts.
     *
     * @param mounts with different bases
     * @param corsOrigins browser origins for the mounts without rules of their own
     * @throws IllegalArgumentException two routes answer the same requests, or two have one operation id
     */
    public static Router of(List<Mount> mounts, List<String> corsOrigins) {
        List<Mount> all = new ArrayList<>(requireNonNull(mounts, "mounts"));
        requireNonNull(corsOrigins, "corsOrigins");
        if (all.stream().noneMatch(m -> m.base().isEmpty())) {
            all.add(Mount.at("", "server"));
        }
        Set<String> bases = new HashSet<>();
        Set<String> ids = new HashSet<>();
        List<BoundRoute> routes = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Mount mount : all) {
            requireNew(bases, "base", mount.base());
            PathTree tree = new PathTree();
            for (Route route : mount.routes()) {
                requireNew(ids, "operation id", route.operationId());
                BoundRoute bound = new BoundRoute(mount, route);
                tree.add(bound);
                routes.add(bound);
            }
            Cors cors = mount.cors().orElseGet(() -> Cors.of(corsOrigins));
            places.add(new Place(mount, tree, new CorsPolicy(cors)));
        }
        places.sort(
                Comparator.comparingInt((Place p) -> p.mount().base().length()).reversed());
        return new Router(routes, places.toArray(Place[]::new));
    }

    /** Every route with its place, as the mounts named them. */
    public List<Entry> entries() {
        return routes.stream()
                .map(r -> new Entry(r.template(), r.mount(), r.route()))
                .toList();
    }

    /**
     * A route in its place.
     *
     * @param template the whole template
     * @param mount the mount it belongs to
     * @param route as it was registered
     */
    public record Entry(String template, Mount mount, Route route) {
        /** Checks that nothing is missing. */
        public Entry {
            requireNonNull(template, "template");
            requireNonNull(mount, "mount");
            requireNonNull(route, "route");
        }
    }

    /** The mount whose base is the longest that a path begins with. */
    Place place(String path) {
        for (Place place : places) {
            String base = place.mount().base();
            int length = base.length();
            if (path.startsWith(base) && (path.length() == length || length == 0 || path.charAt(length) == '/')) {
                return place;
            }
        }
        throw new IllegalStateException("there is no root mount");
    }

    /** The route that a request would get; for tests of tables. */
    Optional<BoundRoute> find(String method, String path) {
        Place place = place(path);
        return Optional.ofNullable(place.find(method, path, place.tree().newCaptures()));
    }

    private static void requireNew(Set<String> seen, String what, String value) {
        if (!seen.add(value)) {
            throw new IllegalArgumentException("the " + what + " '" + value + "' is used twice");
        }
    }
}
