package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.holdfast.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An exchange on Jetty's request and response. It is also the callback of its last write, so that an ordinary answer
 * costs no object besides this one.
 */
final class JettyExchange extends ExchangeLife implements Exchange {
    private static final SseEvent PING = SseEvent.comment("ping");
    private static final Duration PARK_MAX = Duration.ofDays(1);

    private final String method;
    private final HttpURI uri;
    private final HttpFields headers;
    private @Nullable RequestBody body;
    private String path;
    private @Nullable String url;
    private Optional<String> pathNamespace = Optional.empty();
    private @Nullable String namespace;
    private @Nullable Principal principal;
    private int[] captures = {};

    JettyExchange(HttpCore core, Request request, Response response, Callback callback) {
        super(core, request, response, callback);
        this.method = request.getMethod();
        this.uri = request.getHttpURI();
        this.headers = request.getHeaders();
        this.body = new RequestBody(request);
        this.path = requireNonNullElse(uri.getPath(), "");
    }

    @Override
    RequestBody requestBody() {
        return requireNonNull(body, "the body after the event stream has left");
    }

    /** Keeps what tells who has asked and for what. */
    @Override
    void leave(EventConnection connection, boolean sent) {
        url = url();
        body = null;
        super.leave(connection, sent);
    }

    /** Takes {@code /ns/<name>} off the path. */
    void stripNamespace() {
        if (!path.startsWith("/ns/")) {
            return;
        }
        int slash = path.indexOf('/', 4);
        String name = Percent.decodePath(path.substring(4, slash < 0 ? path.length() : slash));
        if (name.isEmpty()) {
            throw HttpException.notFound("http.no_route", "the path names no namespace after /ns/");
        }
        pathNamespace = Optional.of(name);
        path = slash < 0 ? "/" : path.substring(slash);
    }

    /** Says who asks, which also settles the namespace. */
    void identify(Principal caller) {
        principal = caller;
        if (pathNamespace.isPresent()) {
            enter(pathNamespace.get());
        } else {
            namespace = caller.namespace().orElse("default");
        }
    }

    void captures(int[] found) {
        captures = found;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String url() {
        String known = url;
        return known == null ? ClientUrl.of(request(), core().options().publicUrl()) : known;
    }

    @Override
    public Principal principal() {
        return requireNonNull(principal, "principal before authentication");
    }

    @Override
    public String namespace() {
        return requireNonNull(namespace, "namespace before authentication");
    }

    @Override
    public void enter(String name) {
        Optional<String> only = principal().namespace();
        if (only.isPresent() && !only.get().equals(name)) {
            throw HttpException.forbidden("http.namespace_refused", "the token belongs to another namespace");
        }
        namespace = requireNonNull(name, "namespace");
    }

    @Override
    public String pathParam(String name) {
        return Percent.decodePath(rawPathParam(name));
    }

    @Override
    public String rawPathParam(String name) {
        int index = 2 * route().param(name);
        return path.substring(captures[index], captures[index + 1]);
    }

    @Override
    public List<String> pathParts(String name) {
        List<String> parts = new ArrayList<>();
        String raw = rawPathParam(name);
        for (int begin = 0; begin <= raw.length(); ) {
            int slash = raw.indexOf('/', begin);
            int end = slash < 0 ? raw.length() : slash;
            parts.add(Percent.decodePath(raw.substring(begin, end)));
            begin = end + 1;
        }
        return parts;
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(uri.getQuery());
    }

    @Override
    public Optional<String> queryParam(String name) {
        return rawQueryParam(name).map(Percent::decodeQuery);
    }

    @Override
    public Optional<String> rawQueryParam(String name) {
        return Optional.ofNullable(RawQuery.first(uri.getQuery(), requireNonNull(name, "name")));
    }

    @Override
    public List<String> queryParams(String name) {
        return RawQuery.all(uri.getQuery(), requireNonNull(name, "name")).stream()
                .map(Percent::decodeQuery)
                .toList();
    }

    @Override
    public List<String> queryNames() {
        return RawQuery.names(uri.getQuery());
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(requireNonNull(name, "name")));
    }

    @Override
    public List<String> headers(String name) {
        return List.copyOf(headers.getValuesList(requireNonNull(name, "name")));
    }

    @Override
    public byte[] body() throws IOException {
        return requestBody().read(core().limits().bodyBytes());
    }

    @Override
    public byte[] body(int bytesMax) throws IOException {
        return requestBody().read(bytesMax);
    }

    @Override
    public InputStream bodyStream(long bytesMax) {
        return requestBody().stream(bytesMax);
    }

    @Override
    public JsonNode json() throws IOException {
        return parse(body());
    }

    @Override
    public Optional<JsonNode> jsonIfAny() throws IOException {
        byte[] utf8 = body();
        return utf8.length == 0 ? Optional.empty() : Optional.of(parse(utf8));
    }

    private JsonNode parse(byte[] utf8) {
        JsonShape.require(utf8, core().limits().jsonDepth());
        return Json.parse(utf8);
    }

    @Override
    public void setHeader(String name, String value) {
        response().getHeaders().put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    }

    @Override
    public void addHeader(String name, String value) {
        response().getHeaders().add(requireNonNull(name, "name"), requireNonNull(value, "value"));
    }

    @Override
    public void respond(int status) {
        answer(status);
        write(true, ByteBuffer.allocate(0), this);
    }

    @Override
    public void respond(int status, ContentType type, byte[] bytes) {
        requireNonNull(type, "type");
        requireNonNull(bytes, "bytes");
        answer(status);
        response().getHeaders().put(type.field());
        write(true, ByteBuffer.wrap(bytes), this);
    }

    @Override
    public void respondJson(int status, JsonNode json) {
        respond(status, ContentType.JSON, Json.bytes(requireNonNull(json, "json")));
    }

    @Override
    public void respondText(int status, String text) {
        respond(status, ContentType.TEXT, requireNonNull(text, "text").getBytes(UTF_8));
    }

    @Override
    public void respondError(Throwable error) {
        fail(requireNonNull(error, "error"));
    }

    @Override
    public void respond(int status, ContentType type, BodyWriter writer) throws Exception {
        requireNonNull(type, "type");
        requireNonNull(writer, "writer");
        answer(status);
        response().getHeaders().put(type.field());
        ResponseStream stream = openStream();
        writer.write(stream);
        endStream(stream.rest());
    }

    @Override
    public EventStream events() {
        return events(() -> PING);
    }

    @Override
    public EventStream events(Supplier<SseEvent> heartbeat) {
        return stream(ContentType.EVENTS, core().streams(), requireNonNull(heartbeat, "heartbeat"));
    }

    @Override
    public EventStream frames(ContentType type, SseEvent heartbeat) {
        requireNonNull(heartbeat, "heartbeat");
        return stream(requireNonNull(type, "type"), core().frameStreams(), () -> heartbeat);
    }

    private EventStream stream(ContentType type, EventStreams wheel, Supplier<SseEvent> heartbeat) {
        answer(200);
        response().getHeaders().put(type.field());
        response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response().getHeaders().put("X-Accel-Buffering", "no");
        JettyEventStream stream = new JettyEventStream(core(), wheel, this, heartbeat);
        openEvents(stream);
        stream.open("HEAD".equals(method()));
        return stream;
    }

    @Override
    public Parked park(Duration atMost, Parked.Resume then) {
        if (requireNonNull(atMost, "atMost").isNegative() || atMost.compareTo(PARK_MAX) > 0) {
            throw new IllegalArgumentException("a request may be parked for 0 to 1 day, not " + atMost);
        }
        ParkedExchange waiting = new ParkedExchange(core(), this, requireNonNull(then, "then"));
        openPark(waiting);
        waiting.start(atMost);
        return waiting;
    }
}
