package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionException.Reason;
import dev.holdfast.stream.SubscriptionLimits;
import dev.holdfast.stream.SubscriptionSpec;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.Subscriptions;
import dev.holdfast.stream.WebhookSender.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which streams belong to subscriptions, and from where on. Section 15 of the Durable Streams protocol. */
public abstract class SubscriptionLinksContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected SubscriptionLinksContract() {}

    @Test
    void confirmsWhatWasMadeInTheSameWayAndNothingElse() {
        assertThat(subscriptions()
                        .create("s", webhook("a/*", "y", "x"), ADDRESS)
                        .created())
                .isTrue();

        assertThat(subscriptions()
                        .create("s", webhook("a/*", "x", "y"), ADDRESS)
                        .created())
                .isFalse();
        assertRefused(Reason.EXISTS, () -> subscriptions().create("s", webhook("a/*", "x"), ADDRESS));
        assertRefused(Reason.EXISTS, () -> subscriptions().create("s", pull("a/*", "x", "y"), ADDRESS));
    }

    @Test
    void whatExistsBeginsAtItsTailAndWhatAppearsBeforeItsBeginning() throws Exception {
        stream("a/old").create(StreamSpec.bytes().content(bytes("old")));
        subscriptions().create("s", webhook("a/*", "named", "a/old"), ADDRESS);
        assertThat(link("s", "a/old").acked()).isEqualTo(3);
        assertThat(link("s", "named").acked()).isZero();

        try (Woken woken = new Woken(store, time)) {
            stream("a/new").create(StreamSpec.bytes().content(bytes("new")));

            SubscriptionWake wake = woken.next().wake();
            assertThat(link(wake, "a/new").acked()).isEqualTo(-1);
            assertThat(link(wake, "a/new").tail()).isEqualTo(3);
            assertThat(link(wake, "a/new").named()).isFalse();
            assertThat(link(wake, "a/old").pending()).isFalse();
            assertThat(wake.links().getFirst().path()).isEqualTo("a/new");
            assertThat(wake.generation()).isEqualTo(1);
        }
    }

    @Test
    void aStreamThatIsTakenOutByItsNameStaysForThePattern() {
        stream("a/1").create(StreamSpec.bytes().content(bytes("x")));
        subscriptions().create("s", webhook("a/*", "a/1", "b"), ADDRESS);
        subscriptions().link("s", List.of("c"));

        subscriptions().unlink("s", "a/1");
        subscriptions().unlink("s", "b");
        subscriptions().unlink("s", "missing");

        assertThat(link("s", "a/1").named()).isFalse();
        assertThat(subscriptions().find("s").orElseThrow().links().stream().map(link -> link.path()))
                .containsExactly("a/1", "c");
        assertRefused(Reason.NOT_FOUND, () -> subscriptions().link("t", List.of("c")));
    }

    @Test
    void aDeletedStreamLeavesAllSubscriptionsAndComesBackAsANewOne() throws Exception {
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time).answering(Answer.DONE)) {
            stream("a").create(StreamSpec.bytes().content(bytes("x")));
            woken.next();
            await().atMost(SOON).until(() -> link("s", "a").acked() == 1);

            stream("a").delete();
            assertThat(subscriptions().find("s").orElseThrow().links()).isEmpty();
            stream("a").create(StreamSpec.bytes().content(bytes("y")));

            assertThat(link(woken.next().wake(), "a").acked()).isEqualTo(-1);
        }
    }

    @Test
    void deletingASubscriptionRemovesItsLinksInTheEnd() {
        IntStream.range(0, 500).forEach(i -> stream("a/" + i).create(StreamSpec.bytes()));
        subscriptions().create("s", webhook("a/*"), ADDRESS);
        assertThat(rows("stream_links")).isEqualTo(500);

        assertThat(subscriptions().delete("s")).isTrue();
        assertThat(subscriptions().find("s")).isEmpty();
        assertThat(subscriptions().delete("s")).isFalse();
        subscriptions().create("s", webhook("b/*"), ADDRESS);
        sweep();

        assertThat(rows("stream_links")).isZero();
        assertThat(rows("stream_subscriptions")).isEqualTo(1);
    }

    @Test
    void aLookTellsOfManyStreamsPageByPage() {
        List<String> names = IntStream.range(0, SubscriptionLimits.TOLD_MAX)
                .mapToObj("a%04d"::formatted)
                .toList();
        var spec = new SubscriptionSpec(Optional.empty(), names, hook(), LEASE, Optional.empty());
        subscriptions().create("s", spec, ADDRESS);
        subscriptions().link("s", List.of("b"));

        var first = subscriptions().find("s").orElseThrow();
        assertThat(first.links()).hasSize(SubscriptionLimits.TOLD_MAX);
        assertThat(first.more()).isTrue();
        var rest = subscriptions().find("s", first.links().getLast().path()).orElseThrow();
        assertThat(rest.links().stream().map(link -> link.path())).containsExactly("b");
        assertThat(rest.more()).isFalse();
    }

    @Test
    void limitsAreKept() {
        for (Runnable wrong : List.<Runnable>of(
                () -> webhook(""),
                () -> webhook("a".repeat(SubscriptionLimits.PATTERN_BYTES_MAX + 1)),
                () -> pull("wakes"),
                () -> pull("", "wakes"),
                () -> subscriptions().create("", webhook("a"), ADDRESS),
                () -> subscriptions().create("a\nb", webhook("a"), ADDRESS),
                () -> new SubscriptionSpec(
                        Optional.of("a"), List.of(), hook(), Duration.ofMillis(999), Optional.empty()))) {
            assertInvalid("subscription.invalid", wrong::run);
        }
        subscriptions().create("s", webhook("a"), ADDRESS);
        assertInvalid("subscription.type", () -> subscriptions().claim("s", "w"));
    }

    @Test
    void namespacesHaveTheirOwn() {
        subscriptions().create("s", webhook("a"), ADDRESS);
        var other = Subscriptions.in(store.database().session("other"));

        assertThat(other.find("s")).isEmpty();
        assertThat(other.create("s", webhook("b"), ADDRESS).created()).isTrue();

        assertThat(other.key().orElseThrow().kid())
                .isNotEqualTo(subscriptions().key().orElseThrow().kid());
    }

    @Test
    void aStreamWhoseTimeHasPassedLeavesAllSubscriptionsToo() throws Exception {
        StreamSpec brief = StreamSpec.bytes().ttl(Duration.ofSeconds(60));
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time).answering(Answer.DONE)) {
            stream("a").create(brief.content(bytes("x")));
            woken.next();
            await().atMost(SOON).until(() -> link("s", "a").acked() == 1);
            time.advance(Duration.ofSeconds(100));

            assertThat(stream("a").create(brief.content(bytes("y"))).created()).isTrue();

            assertThat(link(woken.next().wake(), "a").acked()).isEqualTo(-1);
        }
    }

    @Test
    void manyStreamsThatAppearedWhileNobodyRanAreAllLinkedBatchByBatch() throws Exception {
        subscriptions().create("s", webhook("a/*"), ADDRESS);
        makeMany(1_500);
        assertThat(rows("stream_links")).isZero();

        try (Woken woken = new Woken(store, time)) {
            assertThat(woken.next().wake().generation()).isEqualTo(1);
            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofMillis(20));
                return rows("stream_links") == 1_500;
            });
        }
    }

    @Test
    void aPatternIsComparedWithManyStreamsAndTakesNotTooMany() {
        makeMany(SubscriptionLimits.MATCHES_MAX + 1);

        assertInvalid("subscription.too_many_streams", () -> subscriptions().create("s", webhook("a/*"), ADDRESS));
        assertThat(subscriptions().find("s")).isEmpty();
        assertThat(rows("stream_links")).isZero();
        subscriptions().create("s", webhook("a/*9"), ADDRESS);

        assertThat(rows("stream_links")).isEqualTo(SubscriptionLimits.MATCHES_MAX / 10);
    }

    private void makeMany(int count) {
        transaction(tx -> {
            for (int i = 0; i < count; i++) {
                DurableStream.in(tx, "a/" + i).create(StreamSpec.bytes().content(bytes("x")));
            }
            return count;
        });
    }

    private static SubscriptionSpec.Target hook() {
        return new SubscriptionSpec.Webhook("https://example.com/hook");
    }
}
