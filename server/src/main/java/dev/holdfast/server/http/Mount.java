package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A protocol's place on the server: a base path with everything that all its answers have in common.
 *
 * <p>The longest base that a path begins with decides, also for errors: an unknown path, a wrong method or a missing
 * token below a base are answered in the shape of its mount.
 *
 * @param base such as {@code /keyval/api}; empty for the root
 * @param name how the document groups its operations
 * @param errors the shape of its errors
 * @param cors its own cross-origin rules; empty for the server's
 * @param routes with templates relative to the base
 */
public record Mount(String base, String name, ErrorRenderer errors, Optional<Cors> cors, List<Route> routes) {
    /** Checks the base. */
    public Mount {
        requireNonNull(name, "name");
        requireNonNull(errors, "errors");
        requireNonNull(cors, "cors");
        routes = List.copyOf(requireNonNull(routes, "routes"));
        if (!requireNonNull(base, "base").matches("(/[^/{}?#%]+)*")) {
            throw new IllegalArgumentException("a base is '' or /part/part, not " + base);
        }
    }

    /** A place without routes whose errors are problem details. */
    public static Mount at(String base, String name) {
        return new Mount(base, name, ErrorRenderer.problem(), Optional.empty(), List.of());
    }

    /** This mount with another shape of errors. */
    public Mount errors(ErrorRenderer shape) {
        return new Mount(base, name, shape, cors, routes);
    }

    /** This mount with cross-origin rules of its own. */
    public Mount cors(Cors rules) {
        return new Mount(base, name, errors, Optional.of(requireNonNull(rules, "rules")), routes);
    }

    /** This mount with more routes. */
    public Mount routes(List<Route> more) {
        List<Route> all = new ArrayList<>(routes);
        all.addAll(more);
        return new Mount(base, name, errors, cors, all);
    }

    /** This mount with one more route. */
    public Mount route(Route route) {
        return routes(List.of(route));
    }
}
