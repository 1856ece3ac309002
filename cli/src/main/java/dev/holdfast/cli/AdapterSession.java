package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.client.ClientOptions;
import dev.holdfast.client.RemoteAppended;
import dev.holdfast.client.RemoteCreated;
import dev.holdfast.client.RemoteInfo;
import dev.holdfast.client.RemoteStream;
import dev.holdfast.client.RetryPolicy;
import dev.holdfast.client.StreamClient;
import dev.holdfast.json.Json;
import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamSpec;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a suite has told the client so far, and what the client does with each command. One thread asks.
 *
 * <p>Source: the table of commands and results of the published client suite of Durable Streams.
 */
final class AdapterSession implements AutoCloseable {
    /** A command has 30 seconds; a server that fails for longer is told before they are over. */
    private static final int ATTEMPTS_MAX = 12;

    private static final List<String> FEATURES = List.of(
            "batching",
            "sse",
            "longPoll",
            "auto",
            "streaming",
            "dynamicHeaders",
            "retryOptions",
            "batchItems",
            "strictZeroValidation");

    private final AdapterValues headers = new AdapterValues();
    private final AdapterValues params = new AdapterValues();
    private final AdapterProducers producers = new AdapterProducers();
    private final Map<String, String> types = new HashMap<>();
    private @Nullable StreamClient client;
    private boolean over;

    /** Whether the suite wants no more. */
    boolean isOver() {
        return over;
    }

    /** Does what a line asks for; answers the line that tells how it went. */
    String answer(String line) {
        ObjectNode answer;
        String type = "";
        try {
            JsonNode command = Json.parse(line);
            type = command.path("type").asString("");
            ObjectNode result =
                    Json.mapper().createObjectNode().put("type", type).put("success", true);
            answer = run(type, command, result);
        } catch (RuntimeException e) {
            answer = AdapterErrors.of(type, e);
        }
        // Some readers of lines take these two for ends of lines.
        return Json.text(answer).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    private ObjectNode run(String type, JsonNode command, ObjectNode result) {
        switch (type) {
            case "init" -> init(command, result);
            case "create" -> create(command, result);
            case "connect" -> connect(command, result);
            case "append" -> append(command, result);
            case "idempotent-append" -> producers.append(stream(command), command, content(command, command), result);
            case "idempotent-append-batch" -> appendBatch(command, result);
            case "idempotent-close" -> producers.close(stream(command), command, content(command, command), result);
            case "idempotent-detach" -> producers.detach(command, result);
            case "read" -> read(command, result);
            case "head" -> head(command, result);
            case "close" -> close(command, result);
            case "delete" -> delete(command, result);
            case "set-dynamic-header" -> headers.declare(command);
            case "set-dynamic-param" -> params.declare(command);
            case "clear-dynamic" -> {
                headers.clear();
                params.clear();
            }
            case "validate" -> AdapterValidation.validate(command.path("target"));
            case "benchmark" -> benchmark(command, result);
            case "shutdown" -> over = true;
            default -> {
                return AdapterErrors.of(type, "NOT_SUPPORTED", "the adapter does not know this command");
            }
        }
        return result;
    }

    private void init(JsonNode command, ObjectNode result) {
        close();
        headers.clear();
        params.clear();
        producers.clear();
        types.clear();
        client = StreamClient.open(
                URI.create(command.path("serverUrl").asString("")),
                ClientOptions.defaults().withRetry(RetryPolicy.defaults().withAttemptsMax(ATTEMPTS_MAX)));
        result.put("clientName", "holdfast-client").put("clientVersion", VersionCommand.version());
        ObjectNode features = result.putObject("features");
        FEATURES.forEach(feature -> features.put(feature, true));
    }

    private void create(JsonNode command, ObjectNode result) {
        JsonNode ttl = command.path("ttlSeconds");
        StreamSpec spec = new StreamSpec(
                text(command, "contentType"),
                ttl.isNumber() ? OptionalLong.of(ttl.asLong(0)) : OptionalLong.empty(),
                text(command, "expiresAt"),
                command.path("closed").asBoolean(false),
                bytes(command),
                Optional.empty());
        RemoteCreated made = plain(command).create(spec);
        types.put(path(command), made.contentType().isEmpty() ? StreamSpec.OCTETS : made.contentType());
        if (made.created()) {
            producers.forget(path(command));
        }
        result.put("status", made.created() ? 201 : 200).put("offset", made.tail());
        tellSent(result);
    }

    private void connect(JsonNode command, ObjectNode result) {
        RemoteInfo info = plain(command).head();
        types.put(path(command), info.contentType());
        result.put("status", 200).put("offset", info.tail());
    }

    private void append(JsonNode command, ObjectNode result) {
        StreamAppend append = StreamAppend.of(content(command, command)).as(type(command));
        if (command.has("seq")) {
            append = append.sequence(command.path("seq").asString(""));
        }
        if (command.has("producerId")) {
            append = append.by(new ProducerStamp(
                    command.path("producerId").asString(""),
                    command.path("producerEpoch").asLong(0),
                    command.path("producerSeq").asLong(0)));
        }
        RemoteAppended appended = stream(command).append(append);
        result.put("status", appended.repeated() ? 204 : 200)
                .put("offset", appended.tail())
                .put("duplicate", appended.repeated());
        appended.producer()
                .ifPresent(stamp -> result.put("producerEpoch", stamp.epoch()).put("producerSeq", stamp.seq()));
        tellSent(result);
    }

    private void appendBatch(JsonNode command, ObjectNode result) {
        List<byte[]> contents = new ArrayList<>();
        for (JsonNode item : command.path("items")) {
            contents.add(content(command, item));
        }
        producers.appendBatch(stream(command), command, contents, result);
    }

    private void benchmark(JsonNode command, ObjectNode result) {
        JsonNode operation = command.path("operation");
        String type =
                text(operation, "contentType").orElseGet(() -> types.getOrDefault(path(operation), StreamSpec.OCTETS));
        result.put("iterationId", command.path("iterationId").asString(""));
        AdapterBenchmark.run(plain(operation).ofType(type), type, operation, result);
    }

    private void read(JsonNode command, ObjectNode result) {
        AdapterReads.read(stream(command), command, result);
        tellSent(result);
    }

    private void head(JsonNode command, ObjectNode result) {
        RemoteInfo info = plain(command).head();
        result.put("status", 200)
                .put("offset", info.tail())
                .put("contentType", info.contentType())
                .put("streamClosed", info.closed());
        info.ttlSeconds().ifPresent(seconds -> result.put("ttlSeconds", seconds));
        info.expiresAt().ifPresent(time -> result.put("expiresAt", time));
    }

    private void close(JsonNode command, ObjectNode result) {
        byte[] last = content(command, command);
        StreamAppend closing = last.length == 0
                ? StreamAppend.closing()
                : StreamAppend.of(last)
                        .as(text(command, "contentType").orElseGet(() -> type(command)))
                        .andClose();
        RemoteAppended closed = stream(command).append(closing);
        result.put("status", 200).put("finalOffset", closed.tail());
    }

    private void delete(JsonNode command, ObjectNode result) {
        plain(command).delete();
        types.remove(path(command));
        producers.forget(path(command));
        result.put("status", 200);
    }

    /** A handle with the headers and parameters of now, of a type that was asked for without them. */
    private RemoteStream stream(JsonNode command) {
        return command.path("type").asString("").equals("read") && !types.containsKey(path(command))
                ? plain(command)
                : plain(command).ofType(type(command));
    }

    /** The same without a type. */
    private RemoteStream plain(JsonNode command) {
        RemoteStream stream = named(path(command));
        for (Map.Entry<String, Supplier<String>> header : headers.all().entrySet()) {
            stream = stream.withHeader(header.getKey(), header.getValue());
        }
        for (Map.Entry<String, Supplier<String>> param : params.all().entrySet()) {
            stream = stream.withParam(param.getKey(), param.getValue());
        }
        for (Map.Entry<String, JsonNode> header : command.path("headers").properties()) {
            String value = header.getValue().asString("");
            stream = stream.withHeader(header.getKey(), () -> value);
        }
        return stream;
    }

    private RemoteStream named(String path) {
        StreamClient open = Objects.requireNonNull(client, "init comes first");
        return open.stream(path.startsWith("/") ? path.substring(1) : path);
    }

    private String type(JsonNode command) {
        return types.computeIfAbsent(path(command), path -> named(path).head().contentType());
    }

    private static String path(JsonNode command) {
        return command.path("path").asString("");
    }

    private static Optional<String> text(JsonNode command, String name) {
        return Optional.of(command.path(name).asString("")).filter(text -> !text.isEmpty());
    }

    /** What a command wants appended: to a stream of JSON one message, be it an array. */
    private byte[] content(JsonNode command, JsonNode item) {
        byte[] content = bytes(item);
        boolean json = type(command).split(";", 2)[0].strip().equalsIgnoreCase(StreamSpec.JSON);
        return json && content.length > 0 ? ("[" + new String(content, UTF_8) + "]").getBytes(UTF_8) : content;
    }

    private static byte[] bytes(JsonNode item) {
        String data = item.isString() ? item.asString("") : item.path("data").asString("");
        return item.path("binary").asBoolean(false) ? Base64.getDecoder().decode(data) : data.getBytes(UTF_8);
    }

    private void tellSent(ObjectNode result) {
        headers.tell(result, "headersSent");
        params.tell(result, "paramsSent");
    }

    @Override
    public void close() {
        StreamClient open = client;
        if (open != null) {
            open.close();
        }
    }
}
