package dev.holdfast.server.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the table of routes: what it answers, how, and what the document of the interface says about it.
 *
 * <p>A template consists of parts separated by {@code /}: fixed text, {@code {name}} for exactly one part that is not
 * empty, and as its last part {@code {name...}} for all the rest, which may be empty. Where several templates of one
 * method match, fixed text wins over {@code {name}} and that over {@code {name...}}, from left to right. A route for
 * GET answers HEAD as well, unless there is one for HEAD.
 *
 * @param method upper case, such as {@code GET}
 * @param path template relative to the mount; empty for the mount's base itself, else it begins with {@code /}
 * @param handler answers
 * @param operationId unique name of the operation
 * @param summary one line for people
 * @param scope what a caller must be allowed
 * @param params query parameters and headers; path parameters need an entry only to be described
 * @param body the request's body, if it takes one
 * @param answers what may come back; errors that every route has are left out
 * @param checksGrants whether the handler itself refuses what a limited token may not touch; other routes refuse such
 *     tokens
 * @param anybody whether no token of the server is asked for: the handler checks a credential of its own, or answers
 *     what is public
 */
public record Route(
        String method,
        String path,
        HttpHandler handler,
        String operationId,
        String summary,
        Scope scope,
        List<Param> params,
        Optional<Payload> body,
        List<Answer> answers,
        boolean checksGrants,
        boolean anybody) {
    /**
     * A body.
     *
     * @param type of its bytes
     * @param description one sentence
     */
    public record Payload(ContentType type, String description) {
        /** Checks that nothing is missing. */
        public Payload {
            requireNonNull(type, "type");
            requireNonNull(description, "description");
        }
    }

    /**
     * An answer.
     *
     * @param status of the answer
     * @param description one sentence
     * @param type of its body; empty when it has none
     */
    public record Answer(int status, String description, Optional<ContentType> type) {
        /** Checks that nothing is missing. */
        public Answer {
            requireNonNull(description, "description");
            requireNonNull(type, "type");
        }
    }

    /** Checks the form of method, template and operation id. */
    public Route {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(handler, "handler");
        requireNonNull(operationId, "operationId");
        requireNonNull(summary, "summary");
        requireNonNull(scope, "scope");
        params = List.copyOf(requireNonNull(params, "params"));
        requireNonNull(body, "body");
        answers = List.copyOf(requireNonNull(answers, "answers"));
        if (!method.matches("[A-Z]{1,20}")) {
            throw new IllegalArgumentException("a method is 1 to 20 upper-case letters, not " + method);
        }
        if (!path.matches("(/([^/{}?#]*|\\{\\w+}))*(/\\{\\w+\\.\\.\\.})?")) {
            throw new IllegalArgumentException("a template is '' or /part/{name}/{rest...}, not " + path);
        }
        if (!operationId.matches("\\w+")) {
            throw new IllegalArgumentException("an operation id is a word, not '" + operationId + "'");
        }
    }

    /** A route. Reading methods need {@link Scope#READ}, all others {@link Scope#WRITE}, unless told otherwise. */
    public static Route of(String method, String path, String operationId, HttpHandler handler) {
        Scope scope = BrowserRules.reads(requireNonNull(method, "method")) ? Scope.READ : Scope.WRITE;
        return new Route(
                method, path, handler, operationId, "", scope, List.of(), Optional.empty(), List.of(), false, false);
    }

    /** A route for GET and HEAD. */
    public static Route get(String path, String operationId, HttpHandler handler) {
        return of("GET", path, operationId, handler);
    }

    /** A route for POST. */
    public static Route post(String path, String operationId, HttpHandler handler) {
        return of("POST", path, operationId, handler);
    }

    /** A route for PUT. */
    public static Route put(String path, String operationId, HttpHandler handler) {
        return of("PUT", path, operationId, handler);
    }

    /** A route for PATCH. */
    public static Route patch(String path, String operationId, HttpHandler handler) {
        return of("PATCH", path, operationId, handler);
    }

    /** A route for DELETE. */
    public static Route delete(String path, String operationId, HttpHandler handler) {
        return of("DELETE", path, operationId, handler);
    }

    /** This route with a line for people. */
    public Route summary(String text) {
        return new Route(method, path, handler, operationId, text, scope, params, body, answers, checksGrants, anybody);
    }

    /**
     * This route for callers who may do something else than its method suggests, such as a search by POST that only
     * reads.
     */
    public Route needs(Scope other) {
        return new Route(
                method, path, handler, operationId, summary, other, params, body, answers, checksGrants, anybody);
    }

    /** This route with one more described parameter. */
    public Route param(Param param) {
        return new Route(
                method,
                path,
                handler,
                operationId,
                summary,
                scope,
                plus(params, param),
                body,
                answers,
                checksGrants,
                anybody);
    }

    /** This route with a body. */
    public Route body(ContentType type, String description) {
        Optional<Payload> payload = Optional.of(new Payload(type, description));
        return new Route(
                method, path, handler, operationId, summary, scope, params, payload, answers, checksGrants, anybody);
    }

    /** This route with one more answer that has a body. */
    public Route answer(int status, ContentType type, String description) {
        return answer(new Answer(status, description, Optional.of(type)));
    }

    /** This route with one more answer without a body. */
    public Route answer(int status, String description) {
        return answer(new Answer(status, description, Optional.empty()));
    }

    /** This route open to limited tokens: its handler asks {@link Principal#mayTouch} for everything it touches. */
    public Route checkingGrants() {
        return new Route(method, path, handler, operationId, summary, scope, params, body, answers, true, anybody);
    }

    /**
     * This route for everybody who reaches the server, whether it asks for tokens or not: its handler checks a
     * credential of its own in the place of the server's, or answers what is public.
     */
    public Route forAnybody() {
        return new Route(method, path, handler, operationId, summary, scope, params, body, answers, checksGrants, true);
    }

    private Route answer(Answer answer) {
        return new Route(
                method,
                path,
                handler,
                operationId,
                summary,
                scope,
                params,
                body,
                plus(answers, answer),
                checksGrants,
                anybody);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> all = new ArrayList<>(list);
        all.add(more);
        return all;
    }
}
