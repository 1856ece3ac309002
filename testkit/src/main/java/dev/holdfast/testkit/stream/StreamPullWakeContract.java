package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionException;
import dev.holdfast.stream.SubscriptionException.Reason;
import dev.holdfast.stream.SubscriptionWake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What subscriptions with a wake stream promise. Section 15 of the Durable Streams protocol. */
public abstract class StreamPullWakeContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected StreamPullWakeContract() {}

    @Test
    void aWakeIsAMessageAndItsClaimALease() {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            JsonNode event = events().getFirst();
            assertThat(event.path("type").asString()).isEqualTo("wake");
            assertThat(event.path("subscription_id").asString()).isEqualTo("s");
            assertThat(event.path("stream").asString()).isEqualTo("a");
            assertThat(event.path("ts").longValue()).isEqualTo(time.millis());

            SubscriptionWake wake = subscriptions().claim("s", "worker-1");
            SubscriptionException busy =
                    assertRefused(Reason.ALREADY_CLAIMED, () -> subscriptions().claim("s", "worker-2"));

            assertThat(wake.generation()).isEqualTo(event.path("generation").longValue());
            assertThat(busy.holder()).contains("worker-1");
            assertThat(busy.generation()).hasValue(wake.generation());
            assertThat(subscriptions().ack("s", receipt(wake), ack("a", 1), true))
                    .isFalse();
            assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "worker-2"));
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    @Test
    void aClaimNeedsNoWake() {
        subscribe();
        assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "w"));
        stream("a").append(bytes("x"));

        SubscriptionWake wake = subscriptions().claim("s", "w");

        assertThat(link(wake, "a").tail()).isEqualTo(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void whatIsGivenBackIsAnnouncedInTheSameStep() {
        subscribe();
        stream("a").append(bytes("x"));
        SubscriptionWake first = subscriptions().claim("s", "w");

        subscriptions().release("s", receipt(first));

        assertThat(events()).hasSize(1);
        SubscriptionWake second = subscriptions().claim("s", "w");
        assertThat(second.generation()).isEqualTo(first.generation() + 1);
        stream("a").append(bytes("y"));
        assertThat(subscriptions().ack("s", receipt(second), ack("a", 1), true)).isTrue();
        assertThat(events()).hasSize(2);
        assertRefused(Reason.FENCED, () -> subscriptions().release("s", receipt(second)));
    }

    @Test
    void aLeaseThatIsOverFencesItsHolderAndWakesOthers() {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            SubscriptionWake slow = subscriptions().claim("s", "slow");

            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofSeconds(1));
                return events().size() == 2;
            });

            assertRefused(Reason.FENCED, () -> subscriptions().ack("s", receipt(slow), ack("a", 1), true));
            SubscriptionWake next = subscriptions().claim("s", "quick");
            assertThat(next.generation()).isEqualTo(slow.generation() + 1);
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    @Test
    void aWakeStreamThatIsMissingIsTriedAgain() {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", pull("a"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            await().atMost(SOON)
                    .until(() -> subscriptions().find("s").orElseThrow().failed());

            stream("wakes").create(StreamSpec.json());

            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofMillis(200));
                return events().size() == 1;
            });
            assertThat(subscriptions().claim("s", "w").links()).hasSize(1);
            assertThat(subscriptions().find("s").orElseThrow().failed()).isFalse();
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    @Test
    void aWakeWhoseStreamIsGoneDoesNotHideTheNextOne() {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            stream("a").delete();
            assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "w"));

            stream("a").create(StreamSpec.bytes().content(bytes("y")));

            awaitEvents(2);
            assertThat(link(subscriptions().claim("s", "w"), "a").acked()).isEqualTo(-1);
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    @Test
    void aTransactionThatIsRolledBackWakesNobody() {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            try {
                transaction(tx -> {
                    DurableStream.in(tx, "a").append(bytes("x"));
                    throw new IllegalStateException("undone");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("undone");
            }
            assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "w"));
            assertThat(events()).isEmpty();
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    @Test
    void anEventForWhichTheQuotaHasNoRoomHoldsUpNoAcknowledgement() {
        subscribe();
        stream("a").append(bytes("x"));
        SubscriptionWake wake = subscriptions().claim("s", "w");
        stream("a").append(bytes("y"));
        var keeper = new NamespaceKeeper(store.database(), List.of(room()));
        String namespace = store.session().namespace();
        long rows = keeper.usage(namespace).rows();
        keeper.setQuota(namespace, NamespaceQuota.none().withRowsMax(rows));

        assertThat(subscriptions().ack("s", receipt(wake), ack("a", 1), true)).isTrue();

        assertThat(link("s", "a").acked()).isEqualTo(1);
        assertThat(events()).isEmpty();
        assertThat(keeper.usage(namespace).rows()).isEqualTo(rows);
        assertThat(subscriptions().find("s").orElseThrow().failed()).isTrue();
        keeper.setQuota(namespace, NamespaceQuota.none());
        try (Woken woken = new Woken(store, time)) {
            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofMillis(200));
                return events().size() == 1;
            });
            assertThat(woken.isQuiet()).isTrue();
        }
    }

    private void subscribe() {
        stream("wakes").create(StreamSpec.json());
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", pull("a"), ADDRESS);
    }

    private void awaitEvents(int count) {
        await().atMost(SOON).until(() -> events().size() == count);
    }

    private List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        try {
            Json.parse(whole(stream("wakes"))).forEach(events::add);
        } catch (StreamException e) {
            assertThat(e.reason()).isEqualTo(StreamException.Reason.NOT_FOUND);
        }
        return events;
    }
}
