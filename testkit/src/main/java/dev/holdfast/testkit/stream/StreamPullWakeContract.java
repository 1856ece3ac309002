package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.NamespaceKeeper;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.json.Json;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import dev.holdfast.stream.StreamException;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionException;
import dev.holdfast.stream.SubscriptionException.Reason;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.WebhookSender.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What subscriptions with a wake stream promise. Section 15 of the Durable Streams protocol. */
public abstract class StreamPullWakeContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** How long a wake waits for a claim. */
    private static final Duration ANNOUNCED = Duration.ofMinutes(1);

    /** The suite over the stores of one engine. */
    protected StreamPullWakeContract() {}

    @Test
    void aWakeIsAMessageAndItsClaimALease() throws Exception {
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
            assertEvents(woken, 1);
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
    void aLeaseThatIsOverFencesItsHolderAndWakesOthers() throws Exception {
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
            assertEvents(woken, 2);
        }
    }

    @Test
    void aWakeThatNobodyClaimsIsAnnouncedAnewAfterAMinute() throws Exception {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);

            time.advance(ANNOUNCED.minusMillis(1));
            assertEvents(woken, 1);
            time.advance(Duration.ofMillis(1));

            awaitEvents(2);
            List<JsonNode> events = events();
            long second = events.get(1).path("generation").longValue();
            assertThat(second).isGreaterThan(events.get(0).path("generation").longValue());
            assertThat(subscriptions().claim("s", "w").generation()).isEqualTo(second);
            time.advance(LEASE.minusMillis(1));
            assertEvents(woken, 2);
        }
    }

    @Test
    void aWakeWhoseEventIsGoneIsAnnouncedAnew() throws Exception {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            stream("wakes").trim(DurableStream.NOW);
            assertEvents(woken, 0);

            time.advance(ANNOUNCED);
            awaitEvents(1);
            stream("wakes").delete();
            stream("wakes").create(StreamSpec.json());
            assertEvents(woken, 0);

            time.advance(ANNOUNCED);
            awaitEvents(1);
            assertThat(link(subscriptions().claim("s", "w"), "a").pending()).isTrue();
        }
    }

    @Test
    void aWakeWithoutWorkIsNotAnnouncedAnew() throws Exception {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            stream("a").delete();

            time.advance(ANNOUNCED);

            assertEvents(woken, 1);
        }
    }

    @Test
    void aWakeStreamThatIsMissingIsTriedAgain() throws Exception {
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
            assertEvents(woken, 1);
        }
    }

    @Test
    void aWakeWhoseStreamIsGoneDoesNotHideTheNextOne() throws Exception {
        subscribe();
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            awaitEvents(1);
            stream("a").delete();
            assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "w"));

            stream("a").create(StreamSpec.bytes().content(bytes("y")));

            awaitEvents(2);
            assertThat(link(subscriptions().claim("s", "w"), "a").acked()).isEqualTo(-1);
            assertEvents(woken, 2);
        }
    }

    @Test
    void aTransactionThatIsRolledBackWakesNobody() throws Exception {
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
            assertEvents(woken, 0);
            assertRefused(Reason.NO_PENDING_WORK, () -> subscriptions().claim("s", "w"));
        }
    }

    @Test
    void whatWasTrimmedIsPassedOver() {
        subscribe();
        stream("a").append(bytes("abc"));
        stream("a").trim(2);

        SubscriptionWake wake = subscriptions().claim("s", "w");

        long acked = link(wake, "a").acked();
        StreamException refusal =
                catchThrowableOfType(StreamException.class, () -> stream("a").read(acked, ALL));
        assertThat(refusal.reason()).isEqualTo(StreamException.Reason.TRIMMED);
        StreamChunk left = stream("a").read(DurableStream.BEGINNING, ALL);
        assertThat(text(left)).isEqualTo("c");
        assertThat(subscriptions().ack("s", receipt(wake), ack("a", left.next()), true))
                .isFalse();
    }

    @Test
    void anEventForWhichTheQuotaHasNoRoomHoldsUpNoAcknowledgement() throws Exception {
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
            assertEvents(woken, 1);
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

    /** So many events are in the wake stream after the runner has looked at everything that was committed before. */
    private void assertEvents(Woken woken, int count) throws InterruptedException {
        woken.answering(Answer.DONE);
        subscriptions().create("look", webhook("", "look"), ADDRESS);
        stream("look").create(StreamSpec.bytes());
        // One look at a time: the second call is of another one than the first, which has ended then.
        for (int i = 0; i < 2; i++) {
            stream("look").append(bytes("x"));
            assertThat(woken.next().wake().subscription()).isEqualTo("look");
        }
        assertThat(events()).hasSize(count);
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
