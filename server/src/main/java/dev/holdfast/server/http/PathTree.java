package dev.holdfast.server.http;

import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one mount as a tree of path parts. Built by one thread, then read by all.
 *
 * <p>A look-up compares regions of the path in place and allocates nothing. It tries fixed text, then {@code {name}},
 * then {@code {name...}} at every part and goes back when a branch has no route for the method, so that a fixed name
 * hides a parameter for its own method only.
 */
final class PathTree {
    /** Parts of a path, as pairs of begin and end. */
    private static final class Node {
        private String[] texts = {};
        private Node[] nodes = {};
        private @Nullable Node param;
        private BoundRoute[] here = {};
        private BoundRoute[] rest = {};
    }

    private final Node root = new Node();
    private int paramsMax;

    void add(BoundRoute route) {
        Node node = root;
        String path = route.route().path();
        String[] parts = path.isEmpty() ? new String[0] : path.substring(1).split("/", -1);
        for (String part : parts) {
            if (part.endsWith("...}")) {
                node.rest = plus(node.rest, route);
                paramsMax = Math.max(paramsMax, route.paramNames().size());
                return;
            }
            node = part.startsWith("{") ? param(node) : fixed(node, part);
        }
        node.here = plus(node.here, route);
        paramsMax = Math.max(paramsMax, route.paramNames().size());
    }

    /** Room for what a look-up finds in the path, as pairs of begin and end. */
    int[] newCaptures() {
        return paramsMax == 0 ? NO_CAPTURES : new int[2 * paramsMax];
    }

    private static final int[] NO_CAPTURES = {};

    /**
     * The route for a method and the path from an offset on, or null. Where it is found, its parameters are in the
     * captures.
     */
    @Nullable
    BoundRoute find(String method, String path, int from, int[] captures) {
        return find(root, method, path, from, captures, 0);
    }

    private static @Nullable BoundRoute find(
            Node node, String method, String path, int from, int[] captures, int depth) {
        if (from >= path.length()) {
            return of(node.here, method);
        }
        int begin = from + 1;
        int slash = path.indexOf('/', begin);
        int end = slash < 0 ? path.length() : slash;
        Node next = fixed(node, path, begin, end);
        if (next != null) {
            BoundRoute found = find(next, method, path, end, captures, depth);
            if (found != null) {
                return found;
            }
        }
        if (node.param != null && end > begin) {
            captures[depth] = begin;
            captures[depth + 1] = end;
            BoundRoute found = find(node.param, method, path, end, captures, depth + 2);
            if (found != null) {
                return found;
            }
        }
        BoundRoute found = of(node.rest, method);
        if (found != null) {
            captures[depth] = begin;
            captures[depth + 1] = path.length();
        }
        return found;
    }

    /** The methods that have a route for a path, in alphabetical order. */
    SortedSet<String> methods(String path, int from) {
        SortedSet<String> methods = new TreeSet<>();
        collect(root, path, from, methods);
        return methods;
    }

    private static void collect(Node node, String path, int from, Collection<String> methods) {
        if (from >= path.length()) {
            Arrays.stream(node.here).forEach(r -> methods.add(r.route().method()));
            return;
        }
        int begin = from + 1;
        int slash = path.indexOf('/', begin);
        int end = slash < 0 ? path.length() : slash;
        Node next = fixed(node, path, begin, end);
        if (next != null) {
            collect(next, path, end, methods);
        }
        if (node.param != null && end > begin) {
            collect(node.param, path, end, methods);
        }
        Arrays.stream(node.rest).forEach(r -> methods.add(r.route().method()));
    }

    private static @Nullable Node fixed(Node node, String path, int begin, int end) {
        String[] texts = node.texts;
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            if (text.length() == end - begin && path.startsWith(text, begin)) {
                return node.nodes[i];
            }
        }
        return null;
    }

    private static @Nullable BoundRoute of(BoundRoute[] routes, String method) {
        for (BoundRoute route : routes) {
            if (route.route().method().equals(method)) {
                return route;
            }
        }
        return null;
    }

    private static Node fixed(Node node, String text) {
        Node known = fixed(node, text, 0, text.length());
        if (known != null) {
            return known;
        }
        Node added = new Node();
        node.texts = Arrays.copyOf(node.texts, node.texts.length + 1);
        node.nodes = Arrays.copyOf(node.nodes, node.nodes.length + 1);
        node.texts[node.texts.length - 1] = text;
        node.nodes[node.nodes.length - 1] = added;
        return added;
    }

    private static Node param(Node node) {
        Node param = node.param;
        if (param == null) {
            param = new Node();
            node.param = param;
        }
        return param;
    }

    private static BoundRoute[] plus(BoundRoute[] routes, BoundRoute added) {
        BoundRoute same = of(routes, added.route().method());
        if (same != null) {
            throw new IllegalArgumentException("two routes answer the same requests: " + same + " and " + added);
        }
        BoundRoute[] more = Arrays.copyOf(routes, routes.length + 1);
        more[routes.length] = added;
        return more;
    }
}
