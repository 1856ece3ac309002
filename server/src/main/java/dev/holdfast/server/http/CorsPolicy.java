package dev.holdfast.server.http;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** Cross-origin rules with their headers encoded once. */
final class CorsPolicy {
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final HttpField ANY_ORIGIN = new PreEncodedHttpField(ALLOW_ORIGIN, "*");
    private static final HttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, "Origin");

    private final Cors rules;
    private final boolean any;
    private final HttpField[] onAnswers;
    private final HttpField[] onPreflight;

    CorsPolicy(Cors rules) {
        this.rules = rules;
        this.any = rules.origins().contains("*");
        List<HttpField> answers = new ArrayList<>();
        List<HttpField> preflight = new ArrayList<>();
        add(answers, "Access-Control-Expose-Headers", rules.exposedHeaders());
        // An open protocol shows its methods and headers on every answer; others only where a browser looks for them.
        List<HttpField> where = rules.always() ? answers : preflight;
        add(where, "Access-Control-Allow-Methods", rules.methods());
        add(where, "Access-Control-Allow-Headers", rules.requestHeaders());
        if (rules.always()) {
            answers.add(new PreEncodedHttpField("Cross-Origin-Resource-Policy", "cross-origin"));
        }
        preflight.add(
                new PreEncodedHttpField("Access-Control-Max-Age", rules.maxAge().toSeconds()));
        this.onAnswers = answers.toArray(HttpField[]::new);
        this.onPreflight = preflight.toArray(HttpField[]::new);
    }

    /** Whether every answer of the mount carries the headers, to any path. */
    boolean always() {
        return rules.always();
    }

    /** Adds what an ordinary answer carries. Returns whether a page of this origin may read it. */
    boolean apply(@Nullable String origin, HttpFields.Mutable headers) {
        if (rules.always()) {
            headers.add(ANY_ORIGIN);
        } else if (rules.origins().isEmpty()) {
            return false;
        } else if (any) {
            headers.add(ANY_ORIGIN);
        } else {
            headers.add(VARY);
            if (origin == null || !rules.origins().contains(origin)) {
                return false;
            }
            headers.add(ALLOW_ORIGIN, origin);
        }
        for (HttpField field : onAnswers) {
            headers.add(field);
        }
        return true;
    }

    /** Adds what the answer to an allowed preflight carries besides. */
    void applyPreflight(@Nullable String wantedHeaders, HttpFields.Mutable headers) {
        for (HttpField field : onPreflight) {
            headers.add(field);
        }
        if (rules.requestHeaders().isEmpty() && wantedHeaders != null) {
            headers.add("Access-Control-Allow-Headers", wantedHeaders);
        }
    }

    private static void add(List<HttpField> fields, String name, List<String> values) {
        if (!values.isEmpty()) {
            fields.add(new PreEncodedHttpField(name, String.join(", ", values)));
        }
    }
}
