package dev.holdfast.server.keyval;

import dev.holdfast.json.Json;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvStats;
import dev.holdfast.queue.QueueStats;
import dev.holdfast.server.http.ContentType;
import dev.holdfast.server.http.Exchange;
import dev.holdfast.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The counters as JSON and as Prometheus text. */
final class KeyvalMetrics {
    private static final ContentType PROMETHEUS = ContentType.of("text/plain; version=0.0.4; charset=utf-8");

    private final KeyvalStore store;

    KeyvalMetrics(KeyvalStore store) {
        this.store = store;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                                "/metrics",
                                "keyvalMetrics",
                                exchange -> json(
                                        exchange,
                                        store.kv(exchange),
                                        store.queue(exchange).stats()))
                        .summary("Counters of operations and storage")
                        .answer(200, ContentType.JSON, "operations, queue and storage"),
                Route.get(
                                "/metrics/prometheus",
                                "keyvalPrometheus",
                                exchange -> prometheus(
                                        exchange,
                                        store.kv(exchange),
                                        store.queue(exchange).stats()))
                        .summary("The counters for Prometheus")
                        .answer(200, PROMETHEUS, "text exposition format"));
    }

    private void json(Exchange exchange, Kv kv, QueueStats messages) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ObjectNode operations = answer.putObject("operations");
        ObjectNode nested = Json.mapper().createObjectNode();
        long count = 0;
        long errors = 0;
        for (Map.Entry<String, KeyvalMeters.Meter> entry : store.meters().all().entrySet()) {
            KeyvalMeters.Meter meter = entry.getValue();
            ObjectNode one = Json.mapper().createObjectNode();
            one.put("count", meter.count()).put("errors", meter.errors()).put("avgLatencyMs", meter.averageMillis());
            operations.set(entry.getKey(), one);
            nested.set(entry.getKey(), one.deepCopy());
            count += meter.count();
            errors += meter.errors();
        }
        // Clients of one generation read the operations directly, those of the other the nested form.
        operations.set("operations", nested);
        operations.putObject("totals").put("operations", count).put("errors", errors);
        KeyvalQueueJson.put(answer.putObject("queue"), messages);
        KvStats stats = kv.stats();
        answer.putObject("storage").put("entries", stats.entries()).put("sizeBytes", stats.bytes());
        exchange.respondJson(200, answer);
    }

    private void prometheus(Exchange exchange, Kv kv, QueueStats messages) {
        StringBuilder out = new StringBuilder();
        head(out, "keyval_operations_total", "counter", "Operations by kind.");
        store.meters().all().forEach((name, meter) -> line(out, "keyval_operations_total", name, meter.count()));
        head(out, "keyval_errors_total", "counter", "Failed operations by kind.");
        store.meters().all().forEach((name, meter) -> line(out, "keyval_errors_total", name, meter.errors()));
        head(out, "keyval_operation_duration_ms", "histogram", "Duration of operations in milliseconds.");
        store.meters().all().forEach((name, meter) -> histogram(out, name, meter));
        gauge(out, "keyval_queue_pending", "Messages that wait.", KeyvalQueueJson.pending(messages));
        gauge(out, "keyval_queue_processing", "Messages that are locked.", messages.claimed());
        gauge(out, "keyval_queue_dlq", "Dead letters.", messages.dead());
        gauge(out, "keyval_queue_total", "All messages and dead letters.", messages.total());
        KvStats stats = kv.stats();
        gauge(out, "keyval_entries_total", "Live entries.", stats.entries());
        gauge(out, "keyval_storage_bytes", "Bytes of keys and values.", stats.bytes());
        exchange.respond(200, PROMETHEUS, out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void histogram(StringBuilder out, String name, KeyvalMeters.Meter meter) {
        long[] cumulative = meter.cumulative();
        for (int i = 0; i < cumulative.length; i++) {
            String bound = i == KeyvalMeters.BUCKETS_MILLIS.length
                    ? "+Inf"
                    : Long.toString((long) KeyvalMeters.BUCKETS_MILLIS[i]);
            out.append("keyval_operation_duration_ms_bucket{operation=\"")
                    .append(name)
                    .append("\",le=\"")
                    .append(bound);
            out.append("\"} ").append(cumulative[i]).append('\n');
        }
        out.append(String.format(
                Locale.ROOT, "keyval_operation_duration_ms_sum{operation=\"%s\"} %.3f%n", name, meter.sumMillis()));
        line(out, "keyval_operation_duration_ms_count", name, cumulative[cumulative.length - 1]);
    }

    private static void gauge(StringBuilder out, String metric, String help, long value) {
        head(out, metric, "gauge", help);
        out.append(metric).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder out, String metric, String type, String help) {
        out.append("# HELP ").append(metric).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder out, String metric, String operation, long value) {
        out.append(metric)
                .append("{operation=\"")
                .append(operation)
                .append("\"} ")
                .append(value)
                .append('\n');
    }
}
