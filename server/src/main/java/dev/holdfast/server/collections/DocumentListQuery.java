package dev.holdfast.server.collections;

import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Param;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a list asks for: {@code field=value} for each field that must be equal, {@code limit}, and the parameters with a
 * dollar sign.
 *
 * @param query filter and order
 * @param cursor of the page before
 * @param limit documents of the page
 */
record DocumentListQuery(DocumentQuery query, Optional<String> cursor, int limit) {
    private static final int LIMIT = 50;
    private static final int LIMIT_MAX = 100;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?");
    private static final Pattern POSITIVE = Pattern.compile("0*[1-9][0-9]*");

    /** The parameters, described; fields that must be equal are named by the documents themselves. */
    static List<Param> params() {
        return List.of(
                Param.query(
                        "limit",
                        Param.Type.INTEGER,
                        "documents at most; " + LIMIT + " unless told, never more than " + LIMIT_MAX),
                Param.query("$where", Param.Type.STRING, "a filter as JSON"),
                Param.query("$sort", Param.Type.STRING, "fields, separated by commas; - in front of one: descending"),
                Param.query("$cursor", Param.Type.STRING, "the Next-Cursor header of the page before"));
    }

    static DocumentListQuery of(Exchange exchange, Instant now) {
        DocumentQuery query = DocumentQuery.all();
        for (String name : exchange.queryNames()) {
            List<String> values = exchange.queryParams(name);
            query = switch (name) {
                case "limit", "$cursor" -> query; // read below
                case "$where" -> query.and(where(values.getFirst(), now));
                case "$sort" -> query.sort(values.getFirst().split(",", -1));
                default -> query.and(equal(name, values));
            };
        }
        return new DocumentListQuery(query, exchange.queryParam("$cursor"), limit(exchange.queryParam("limit")));
    }

    private static Filter where(String text, Instant now) {
        try {
            return Filter.parse(Json.parse(text), now);
        } catch (HoldfastException e) {
            throw new InvalidInputException("collection.where", "$where is no filter: " + e.detail(), e);
        }
    }

    /** One of the texts, or of what they mean as numbers or booleans: a query does not say which is meant. */
    private static Filter equal(String name, List<String> texts) {
        if (name.startsWith("$")) {
            throw new InvalidInputException("collection.parameter", "unsupported parameter: " + name);
        }
        List<Object> values = new ArrayList<>();
        for (String text : texts) {
            values.add(text);
            if (NUMBER.matcher(text).matches()) {
                values.add(new BigDecimal(text));
            } else if (text.equals("true") || text.equals("false")) {
                values.add(Boolean.parseBoolean(text));
            }
        }
        return Filter.where(name).in(values);
    }

    private static int limit(Optional<String> text) {
        if (text.isEmpty()) {
            return LIMIT;
        }
        if (!POSITIVE.matcher(text.get()).matches()) {
            throw new InvalidInputException("collection.limit", "limit must be a positive integer");
        }
        return new BigDecimal(text.get()).min(BigDecimal.valueOf(LIMIT_MAX)).intValue();
    }
}
