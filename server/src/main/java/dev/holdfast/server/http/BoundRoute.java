package dev.holdfast.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A route in its place: what the router finds. */
final class BoundRoute {
    private final Route route;
    private final Mount mount;
    private final String template;
    private final String[] paramNames;
    private final RouteMeters meters = new RouteMeters();

    BoundRoute(Mount mount, Route route) {
        this.mount = mount;
        this.route = route;
        this.template = mount.base() + route.path();
        this.paramNames = paramNames(route.path());
    }

    Route route() {
        return route;
    }

    Mount mount() {
        return mount;
    }

    /** The whole template; "/" for the root. */
    String template() {
        return template.isEmpty() ? "/" : template;
    }

    RouteMeters meters() {
        return meters;
    }

    List<String> paramNames() {
        return List.of(paramNames);
    }

    /** The position of a path parameter; a name that the template lacks is a fault of the handler. */
    int param(String name) {
        for (int i = 0; i < paramNames.length; i++) {
            if (paramNames[i].equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the template " + template + " has no parameter " + name);
    }

    private static String[] paramNames(String path) {
        List<String> names = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.startsWith("{")) {
                String name = part.substring(1, part.length() - (part.endsWith("...}") ? 4 : 1));
                if (names.contains(name)) {
                    throw new IllegalArgumentException("the template " + path + " names " + name + " twice");
                }
                names.add(name);
            }
        }
        return names.toArray(String[]::new);
    }

    @Override
    public String toString() {
        return Objects.requireNonNull(route.method()) + " " + template();
    }
}
