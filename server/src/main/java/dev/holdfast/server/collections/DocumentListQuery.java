package dev.holdfast.server.collections;

import dev.holdfast.collection.DocumentQuery;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.server.http.Exchange;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a list asks for: {@code field=value} for each field that must be equal, {@code limit}, and the parameters with a dollar sign.
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

    static DocumentListQuery of(Exchange exchange, Instant now) {
        List<Filter> filters = new ArrayList<>();
        DocumentQuery query = DocumentQuery.all();
        for (String name : exchange.queryNames()) {
            String value = exchange.queryParam(name).orElse("");
            switch (name) {
                case "limit", "$cursor" -> {} // read below
                case "$where" -> filters.add(Filter.parse(Json.parse(value), now));
                case "$sort" -> query = query.sort(value.split(","));
                default -> filters.add(equal(name, value));
            }
        }
        for (Filter filter : filters) {
            query = query.and(filter);
        }
        return new DocumentListQuery(query, exchange.queryParam("$cursor"), limit(exchange));
    }

    /** The text itself, or what it means as a number or a boolean: a query string does not say which is meant. */
    private static Filter equal(String name, String value) {
        if (name.startsWith("$")) {
            throw new InvalidInputException("collection.parameter", "unsupported parameter: " + name);
        }
        Filter text = Filter.where(name).eq(value);
        if (NUMBER.matcher(value).matches()) {
            return Filter.anyOf(List.of(text, Filter.where(name).eq(new BigDecimal(value))));
        }
        if (value.equals("true") || value.equals("false")) {
            return Filter.anyOf(List.of(text, Filter.where(name).eq(Boolean.parseBoolean(value))));
        }
        return text;
    }

    private static int limit(Exchange exchange) {
        Optional<String> text = exchange.queryParam("limit");
        if (text.isEmpty()) {
            return LIMIT;
        }
        if (!POSITIVE.matcher(text.get()).matches()) {
            throw new InvalidInputException("collection.limit", "limit must be a positive integer");
        }
        return new BigDecimal(text.get()).min(BigDecimal.valueOf(LIMIT_MAX)).intValue();
    }
}
