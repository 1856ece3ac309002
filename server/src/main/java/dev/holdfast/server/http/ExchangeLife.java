package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.holdfast.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of an exchange: answered once, completed once, and never silently.
 *
 * <p>The phase belongs to the thread that handles the exchange; a parked one hands it on. Completion can come from any
 * thread, and from several at once when a client goes away in the middle of an answer.
 */
abstract sealed class ExchangeLife implements Callback permits JettyExchange {
    private enum Phase {
        /** Nobody has answered yet. */
        OPEN,
        /** A whole answer is on its way. */
        ANSWERED,
        /** The handler writes the body piece by piece. */
        STREAMING,
        /** The answer is an event stream. */
        EVENTS,
        /** Waits for a signal. */
        PARKED
    }

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Logger ACCESS = LoggerFactory.getLogger(HttpServer.class.getName() + ".access");
    private static final HttpField NOSNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final ErrorRenderer PROBLEM = ErrorRenderer.problem();
    // A client that is still sending when it is refused sees a reset instead of the answer, so its body is taken in for
    // a while.
    private static final long LINGER_BYTES = 64L * 1024 * 1024;
    private static final long LINGER_MILLIS = 5_000;

    private final HttpCore core;
    // Null after an event stream has left with the connection.
    private @Nullable Request request;
    private @Nullable Response response;
    private @Nullable Callback callback;
    private final long begin;
    private final String requestId;
    private Router.@Nullable Place place;
    private @Nullable BoundRoute route;
    private Phase phase = Phase.OPEN;
    private boolean counted;
    private @Nullable JettyEventStream events;
    private @Nullable ParkedExchange parked;
    private final AtomicBoolean completed = new AtomicBoolean();

    ExchangeLife(HttpCore core, Request request, Response response, Callback callback) {
        this.core = core;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.begin = core.nanoTime();
        this.requestId = RequestIds.of(request.getHeaders().get(RequestIds.HEADER));
        core.active().enter();
    }

    abstract RequestBody requestBody();

    private Exchange self() {
        return (JettyExchange) this;
    }

    final HttpCore core() {
        return core;
    }

    final Request request() {
        return requireNonNull(request, "the request after its event stream has left");
    }

    final Response response() {
        return requireNonNull(response, "the response after its event stream has left");
    }

    /** See {@link Exchange#requestId()}. */
    public final String requestId() {
        return requestId;
    }

    final BoundRoute route() {
        return requireNonNull(route, "route before routing");
    }

    final void route(BoundRoute found) {
        route = found;
    }

    /** Settles the mount, and with it the headers that all its answers have. */
    final boolean place(Router.Place found) {
        place = found;
        return headers();
    }

    /** Puts the headers of every answer. Returns whether a page of the request's origin may read it. */
    final boolean headers() {
        HttpFields.Mutable headers = response().getHeaders();
        headers.put(NOSNIFF);
        headers.put(RequestIds.HEADER, requestId);
        Router.Place mounted = place;
        return mounted != null && mounted.cors().apply(request().getHeaders().get(HttpHeader.ORIGIN), headers);
    }

    /** Lets a handler answer. */
    final void run(HttpHandler handler) {
        try {
            handler.handle(self());
            conclude();
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** Takes a parked request up again. */
    final void resume(Parked.Resume then, Parked.Wake why) {
        phase = Phase.OPEN;
        parked = null;
        try {
            then.resume(self(), why);
            conclude();
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** After a handler has returned. Nothing may touch the exchange after a parked one is released. */
    private void conclude() {
        switch (phase) {
            case OPEN -> fail(new IllegalStateException("the handler returned without an answer: " + route));
            // The exception that broke it off was caught on its way.
            case STREAMING -> fail(new IllegalStateException("the handler hid that its answer broke off: " + route));
            case PARKED -> requireNonNull(parked).released();
            case EVENTS -> {
                if (!requestBody().unread()) {
                    requireNonNull(events).handled(request());
                }
            }
            case ANSWERED -> {}
        }
    }

    /** Begins the one answer. */
    final void answer(int status) {
        become(Phase.ANSWERED);
        response().setStatus(status);
    }

    /** The answer goes on piece by piece. */
    final ResponseStream openStream() {
        phase = Phase.STREAMING;
        return new ResponseStream(response());
    }

    /** The last piece is on its way. */
    final void endStream(ByteBuffer rest) {
        phase = Phase.ANSWERED;
        write(true, rest, this);
    }

    final void openEvents(JettyEventStream opened) {
        phase = Phase.EVENTS;
        events = opened;
        count();
        request().addFailureListener(opened::gone);
        // Silence is normal here; the heartbeat finds out who has gone.
        request().addIdleTimeoutListener(timeout -> false);
        opened.join();
    }

    /**
     * Lets an event stream leave with the connection: nothing can be sent or read here any more, and when the stream
     * ends it says so itself.
     *
     * @param sent whether an event was sent
     */
    void leave(EventConnection connection, boolean sent) {
        completed.set(true);
        Request left = request();
        Callback done = requireNonNull(callback);
        request = null;
        response = null;
        callback = null;
        connection.replace(left, sent, done);
    }

    final void openPark(ParkedExchange waiting) {
        become(Phase.PARKED);
        parked = waiting;
        request().addFailureListener(cause -> waiting.wake(Parked.Wake.GONE));
        request().addIdleTimeoutListener(timeout -> false);
    }

    private void become(Phase next) {
        if (phase != Phase.OPEN) {
            throw new IllegalStateException("the request is answered already (phase=" + phase + ")");
        }
        phase = next;
    }

    final void write(boolean last, ByteBuffer bytes, Callback written) {
        if (last) {
            // Before the client can know, so that whoever has seen an answer finds it counted.
            count();
        }
        response().write(last, bytes, written);
    }

    /** Answers with an error, or cuts an answer that has begun. */
    final void fail(Throwable thrown) {
        if (phase == Phase.PARKED) {
            requireNonNull(parked).cancel();
            phase = Phase.OPEN;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        boolean begun =
                phase != Phase.OPEN && (phase != Phase.STREAMING || response().isCommitted());
        if (!begun && !(thrown instanceof ClientGoneException)) {
            refuse(thrown);
            return;
        }
        // A write that fails in a body means that its reader went away.
        if (thrown instanceof IOException) {
            LOG.debug("request {} of {} ended early", requestId, route, thrown);
        } else {
            LOG.error("request {} of {} failed after its answer had begun", requestId, route, thrown);
        }
        switch (phase) {
            case EVENTS -> requireNonNull(events).close();
            case ANSWERED -> {}
            case OPEN, STREAMING, PARKED -> failed(thrown);
        }
    }

    private void refuse(Throwable thrown) {
        Failure failure = Statuses.of(thrown, requestId);
        log(failure, thrown);
        ErrorRenderer.Body error = render(failure);
        response().reset();
        headers();
        HttpFields.Mutable headers = response().getHeaders();
        for (Map.Entry<String, String> header : failure.headers()) {
            headers.put(header.getKey(), header.getValue());
        }
        headers.put(error.type().field());
        response().setStatus(error.status());
        byte[] bytes = error.text().getBytes(UTF_8);
        phase = Phase.ANSWERED;
        if (requestBody().pending()) {
            if (request().getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
                headers.put(HttpFields.CONNECTION_CLOSE);
            }
            lingering(ByteBuffer.wrap(bytes));
        } else {
            write(true, ByteBuffer.wrap(bytes), this);
        }
    }

    private void lingering(ByteBuffer bytes) {
        try (Blocker.Callback written = Blocker.callback()) {
            write(true, bytes, written);
            written.block();
            requestBody().discard(LINGER_BYTES, LINGER_MILLIS);
            succeeded();
        } catch (IOException e) {
            failed(e);
        }
    }

    private ErrorRenderer.Body render(Failure failure) {
        Router.Place mounted = place;
        if (mounted == null) {
            return PROBLEM.render(failure);
        }
        try {
            return mounted.mount().errors().render(failure);
        } catch (RuntimeException e) {
            LOG.error("the errors of {} have no shape", mounted.mount().base(), e);
            return PROBLEM.render(failure);
        }
    }

    // What the client is not told must be in the log; what it is told is its own business.
    private void log(Failure failure, Throwable thrown) {
        if (failure.status() == 500) {
            LOG.error("request {} of {} failed", requestId, route, thrown);
        } else if (thrown instanceof EngineException) {
            LOG.warn("request {} of {} failed in the database", requestId, route, thrown);
        } else if (LOG.isDebugEnabled()) {
            LOG.debug("request {} of {} was refused: {}", requestId, route, thrown.toString());
        }
    }

    @Override
    public final void succeeded() {
        if (complete()) {
            requireNonNull(callback).succeeded();
        }
    }

    @Override
    public final void failed(Throwable cause) {
        if (complete()) {
            requireNonNull(callback).failed(cause);
        }
    }

    @Override
    public final InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private boolean complete() {
        if (!completed.compareAndSet(false, true)) {
            return false;
        }
        count();
        core.active().leave();
        return true;
    }

    private void count() {
        int status = response().getStatus();
        if (counted || status < 100) {
            return;
        }
        counted = true;
        long nanos = core.nanoTime() - begin;
        BoundRoute found = route;
        HttpMetrics metrics = core.metrics();
        if (found == null) {
            metrics.record(metrics.unrouted(), "none", "none", status, nanos);
        } else {
            metrics.record(found.meters(), found.route().method(), found.template(), status, nanos);
        }
        if (ACCESS.isDebugEnabled()) {
            ACCESS.debug("{} {} {} {} us {}", request().getMethod(), found, status, nanos / 1_000, requestId);
        }
    }
}
