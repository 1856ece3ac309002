package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.stream.SubscriptionAck;
import dev.holdfast.stream.SubscriptionException;
import dev.holdfast.stream.SubscriptionException.Reason;
import dev.holdfast.stream.SubscriptionLink;
import dev.holdfast.stream.SubscriptionReceipt;
import dev.holdfast.stream.SubscriptionSpec;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.Subscriptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A suite over subscriptions. */
public abstract class SubscriptionSuite extends StreamSuite {
    static final String ADDRESS = "http://127.0.0.1:4437/v1/stream";
    static final Duration LEASE = Duration.ofSeconds(10);

    /** A suite over the stores of one engine, which must hold the tables of {@link #rooms()}. */
    protected SubscriptionSuite() {}

    Subscriptions subscriptions() {
        return Subscriptions.in(store.session());
    }

    static SubscriptionSpec webhook(String pattern, String... streams) {
        return spec(pattern, new SubscriptionSpec.Webhook("https://example.com/hook"), streams);
    }

    static SubscriptionSpec pull(String pattern, String... streams) {
        return spec(pattern, new SubscriptionSpec.PullWake("wakes"), streams);
    }

    private static SubscriptionSpec spec(String pattern, SubscriptionSpec.Target target, String... streams) {
        return new SubscriptionSpec(
                Optional.of(pattern).filter(text -> !text.isEmpty()),
                List.of(streams),
                target,
                LEASE,
                Optional.empty());
    }

    SubscriptionLink link(String id, String path) {
        return subscriptions().find(id).orElseThrow().links().stream()
                .filter(link -> link.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    static SubscriptionLink link(SubscriptionWake wake, String path) {
        return wake.links().stream()
                .filter(link -> link.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    static SubscriptionReceipt receipt(SubscriptionWake wake) {
        return SubscriptionReceipt.of(wake);
    }

    static List<SubscriptionAck> ack(String path, long offset) {
        return List.of(new SubscriptionAck(path, offset));
    }

    /** A subscription refuses a call; returns what it says. */
    static SubscriptionException assertRefused(Reason reason, ThrowingCallable call) {
        SubscriptionException refusal = catchThrowableOfType(SubscriptionException.class, call);
        assertThat(refusal).as("a refusal with " + reason).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }
}
