package dev.holdfast.server.http;

import static java.util.Objects.requireNonNullElse;

import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Leads each request to its handler: limits, mount, rules for browsers, token, route, scope. */
final class Dispatcher extends Handler.Abstract {
    private final HttpCore core;

    Dispatcher(HttpCore core) {
        this.core = core;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        JettyExchange exchange = new JettyExchange(core, request, response, callback);
        BoundRoute route;
        try {
            route = lead(exchange, request, response);
        } catch (Throwable t) {
            exchange.fail(t);
            return true;
        }
        if (route != null) {
            exchange.run(route.route().handler());
        }
        return true;
    }

    /** The route that is to answer; null when the answer is there already. */
    private @Nullable BoundRoute lead(JettyExchange exchange, Request request, Response response) {
        exchange.headers();
        requireRoom(request);
        exchange.stripNamespace();
        Router.Place place = core.router().place(exchange.path());
        boolean readable = exchange.place(place);
        requireShort(request.getHttpURI());
        HttpFields headers = request.getHeaders();
        String method = request.getMethod();
        if ("OPTIONS".equals(method) && isPreflight(place, headers)) {
            preflight(exchange, place, readable, headers, response);
            return null;
        }
        int[] captures = place.tree().newCaptures();
        BoundRoute route = place.find(method, exchange.path(), captures);
        if (core.browserRules().isPresent()) {
            boolean writes = !BrowserRules.reads(method)
                    || (route != null && route.route().scope() == Scope.WRITE);
            String host = request.getHttpURI().getHost();
            String origin = headers.get(HttpHeader.ORIGIN);
            core.browserRules().get().check(writes, host, origin, headers.get("Sec-Fetch-Site"));
        }
        String address = Request.getRemoteAddr(request);
        Principal caller = route != null && route.route().anybody()
                ? Principal.anybody()
                : core.logins()
                        .identify(
                                requireNonNullElse(headers.get(HttpHeader.AUTHORIZATION), ""),
                                address,
                                () -> core.authenticator().authenticate(exchange));
        core.rates().count(caller.anonymous() ? address : caller.name());
        if (route == null) {
            unrouted(exchange, place, method, response);
            return null;
        }
        exchange.captures(captures);
        exchange.route(route);
        exchange.identify(caller);
        requireAllowed(caller, route.route());
        return route;
    }

    private void requireRoom(Request request) {
        if (core.connections()
                .refuses(request.getConnectionMetaData().getConnection().getEndPoint())) {
            throw HttpException.tooMany(
                            "http.too_many_connections",
                            "the server has too many connections (connectionsMax="
                                    + core.limits().connections() + ")",
                            1)
                    .withHeader("Connection", "close");
        }
        if (core.active().draining()) {
            throw HttpException.of(503, "http.stopping", "the server is stopping")
                    .withHeader("Retry-After", "1")
                    .withHeader("Connection", "close");
        }
    }

    private void requireShort(HttpURI uri) {
        int max = core.limits().urlBytes();
        String query = uri.getQuery();
        int length = requireNonNullElse(uri.getPath(), "").length() + (query == null ? 0 : 1 + query.length());
        if (length > max) {
            throw HttpException.of(
                    414,
                    "http.url_too_long",
                    "the URL is longer than the limit (urlBytes=" + length + ", urlBytesMax=" + max + ")");
        }
    }

    private static boolean isPreflight(Router.Place place, HttpFields headers) {
        return place.cors().always()
                || (headers.contains(HttpHeader.ORIGIN) && headers.contains("Access-Control-Request-Method"));
    }

    private static void preflight(
            JettyExchange exchange, Router.Place place, boolean readable, HttpFields headers, Response response) {
        if (!readable) {
            throw HttpException.forbidden("http.origin_refused", "pages of this origin may not use the server");
        }
        place.cors().applyPreflight(headers.get("Access-Control-Request-Headers"), response.getHeaders());
        exchange.respond(204);
    }

    /** A path without a route for the method: 404, 405, or the answer to OPTIONS. */
    private static void unrouted(JettyExchange exchange, Router.Place place, String method, Response response) {
        SortedSet<String> known =
                place.tree().methods(exchange.path(), place.mount().base().length());
        if (known.isEmpty()) {
            throw HttpException.notFound("http.no_route", "Not found");
        }
        SortedSet<String> allowed = new TreeSet<>(known);
        allowed.add("OPTIONS");
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String allow = String.join(", ", allowed);
        if (!"OPTIONS".equals(method)) {
            throw HttpException.of(405, "http.method_not_allowed", "method not allowed; allowed methods: " + allow)
                    .withHeader("Allow", allow);
        }
        response.getHeaders().put(HttpHeader.ALLOW, allow);
        exchange.respond(204);
    }

    private static void requireAllowed(Principal caller, Route route) {
        if (!caller.may(route.scope())) {
            throw HttpException.forbidden(
                    "http.scope_missing",
                    "the token does not allow this (needed=" + route.scope().text() + ")");
        }
        // Whoever forgets to check grants must not open everything to a limited token.
        if (caller.limited() && !route.checksGrants()) {
            throw HttpException.forbidden("http.grant_missing", "a token limited to some data may not do this");
        }
    }
}
