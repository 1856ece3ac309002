package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.stream.StreamSpec;
import dev.holdfast.stream.SubscriptionAck;
import dev.holdfast.stream.SubscriptionException.Reason;
import dev.holdfast.stream.SubscriptionKey;
import dev.holdfast.stream.SubscriptionLimits;
import dev.holdfast.stream.SubscriptionReceipt;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.WebhookDelivery;
import dev.holdfast.stream.WebhookSender.Answer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What subscriptions with a webhook promise. Section 15 of the Durable Streams protocol. */
public abstract class StreamSubscriptionContract extends SubscriptionSuite {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The suite over the stores of one engine. */
    protected StreamSubscriptionContract() {}

    @Test
    void anEmptyStreamWakesWithItsFirstAppendOnly() throws Exception {
        subscriptions().create("s", webhook("**"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a/b/c").create(StreamSpec.bytes());
            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofSeconds(1));
                return !subscriptions().find("s").orElseThrow().links().isEmpty();
            });
            assertThat(woken.isQuiet()).isTrue();

            stream("a/b/c").append(bytes("x"));

            assertThat(link(woken.next().wake(), "a/b/c").tail()).isEqualTo(1);
        }
    }

    @Test
    void whatWasAppendedWhileNobodyRanWakesWhoeverRunsNext() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("", "a"), ADDRESS);
        stream("a").append(bytes("x"));
        subscriptions().create("t", webhook("b/*"), ADDRESS);
        stream("b/1").create(StreamSpec.bytes().content(bytes("y")));

        try (Woken woken = new Woken(store, time)) {
            assertThat(List.of(
                            woken.next().wake().subscription(),
                            woken.next().wake().subscription()))
                    .containsExactlyInAnyOrder("s", "t");
        }
    }

    @Test
    void whoWasCutInTheMiddleOfACallIsWokenAfterTheLease() throws Exception {
        subscriptions().create("s", webhook("a"), ADDRESS);
        SubscriptionWake lost;
        try (Woken woken = new Woken(store, time)) {
            stream("a").create(StreamSpec.bytes().content(bytes("x")));
            lost = woken.next().wake();
        }
        long before = time.millis();

        try (Woken woken = new Woken(store, time)) {
            Woken.Call again = woken.nextInTime();

            assertThat(again.at()).isGreaterThanOrEqualTo(before + LEASE.toMillis());
            assertThat(again.delivery().wake().generation()).isEqualTo(lost.generation() + 1);
            assertRefused(Reason.FENCED, () -> subscriptions().callback("s", receipt(lost), ack("a", 1), true));
            assertThat(link("s", "a").acked()).isEqualTo(-1);
        }
    }

    @Test
    void oneWakeAtATimeAndTheNextOneAsSoonAsItIsDone() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            SubscriptionWake first = woken.next().wake();
            stream("a").append(bytes("y"));

            assertThat(subscriptions().callback("s", receipt(first), ack("a", 1), false))
                    .isFalse();
            assertThat(woken.isQuiet()).isTrue();
            assertThat(subscriptions().callback("s", receipt(first), List.of(), true))
                    .isTrue();

            SubscriptionWake second = woken.next().wake();
            assertThat(second.generation()).isEqualTo(2);
            assertThat(link(second, "a").acked()).isEqualTo(1);
            assertThat(subscriptions().callback("s", receipt(second), ack("a", 2), true))
                    .isFalse();
            assertRefused(Reason.FENCED, () -> subscriptions().callback("s", receipt(second), ack("a", 2), true));
        }
    }

    @Test
    void doneAcknowledgesWhatWasToldAndNoMore() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time).answering(Answer.DONE)) {
            stream("a").append(bytes("x"));
            SubscriptionWake wake = woken.next().wake();

            await().atMost(SOON)
                    .until(() -> link("s", "a").acked() == link(wake, "a").tail());
            assertRefused(Reason.FENCED, () -> subscriptions().callback("s", receipt(wake), List.of(), false));
        }
    }

    @Test
    void allAcknowledgementsAreCheckedBeforeAnyIsTaken() throws Exception {
        stream("a").create(StreamSpec.bytes());
        stream("b").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("*"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("xx"));
            SubscriptionWake wake = woken.next().wake();
            for (SubscriptionAck wrong : List.of(
                    new SubscriptionAck("b", 1),
                    new SubscriptionAck("a", 3),
                    new SubscriptionAck("a", -1),
                    new SubscriptionAck("c", 0))) {
                assertRefused(
                        Reason.INVALID_OFFSET,
                        () -> subscriptions()
                                .callback("s", receipt(wake), List.of(new SubscriptionAck("a", 2), wrong), true));
            }
            assertThat(link("s", "a").acked()).isZero();

            subscriptions().callback("s", receipt(wake), ack("a", 1), false);

            assertRefused(
                    Reason.INVALID_OFFSET, () -> subscriptions().callback("s", receipt(wake), ack("a", 0), false));
        }
    }

    @Test
    void anAcknowledgementExtendsTheLease() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a").append(bytes("x"));
            SubscriptionWake wake = woken.next().wake();
            for (int i = 0; i < 5; i++) {
                time.advance(LEASE.minusMillis(1));
                subscriptions().callback("s", receipt(wake), List.of(), false);
            }
            assertThat(woken.isQuiet()).isTrue();
            time.advance(LEASE);

            assertRefused(Reason.FENCED, () -> subscriptions().callback("s", receipt(wake), List.of(), false));
        }
    }

    @Test
    void aTryThatFailsIsFollowedByOthersWithLongerPauses() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time).answering(Answer.FAILED)) {
            stream("a").append(bytes("x"));
            long before = woken.nextInTime().at();
            for (long pause : new long[] {1_000, 2_000, 4_000, 8_000}) {
                await().atMost(SOON)
                        .until(() -> subscriptions().find("s").orElseThrow().failed());
                long at = woken.nextInTime().at();
                assertThat(at - before).as("pause of %d", pause).isGreaterThanOrEqualTo(pause * 8 / 10);
                before = at;
            }
            woken.answering(Answer.DONE);
            SubscriptionWake last = woken.nextInTime().delivery().wake();

            assertThat(last.generation()).isEqualTo(6);
            await().atMost(SOON)
                    .until(() -> !subscriptions().find("s").orElseThrow().failed());
        }
    }

    @Test
    void whoWasReachedThoughTheCallFailedMayAcknowledgeUntilTheNextTry() throws Exception {
        stream("a").create(StreamSpec.bytes());
        subscriptions().create("s", webhook("a"), ADDRESS);
        try (Woken woken = new Woken(store, time).answering(Answer.FAILED)) {
            stream("a").append(bytes("x"));
            SubscriptionWake wake = woken.next().wake();
            await().atMost(SOON)
                    .until(() -> subscriptions().find("s").orElseThrow().failed());

            assertThat(subscriptions().callback("s", receipt(wake), ack("a", 1), true))
                    .isFalse();

            assertThat(subscriptions().find("s").orElseThrow().failed()).isFalse();
        }
    }

    @Test
    void tokensAreOfOneSubscriptionAndExpire() throws Exception {
        subscriptions().create("s", webhook("a"), ADDRESS);
        subscriptions().create("t", webhook("b"), ADDRESS);
        try (Woken woken = new Woken(store, time)) {
            stream("a").create(StreamSpec.bytes().content(bytes("x")));
            SubscriptionWake wake = woken.next().wake();
            assertRefused(Reason.TOKEN_INVALID, () -> subscriptions().callback("t", receipt(wake), List.of(), true));
            for (String broken : List.of("", "x", wake.token() + "x", "ds1" + wake.token())) {
                var shown = new SubscriptionReceipt(broken, wake.wakeId(), wake.generation());
                assertRefused(Reason.TOKEN_INVALID, () -> subscriptions().callback("s", shown, List.of(), true));
            }
            subscriptions().delete("s");
            assertRefused(Reason.NOT_FOUND, () -> subscriptions().callback("s", receipt(wake), List.of(), true));
            subscriptions().create("s", webhook("a"), ADDRESS);
            assertRefused(Reason.FENCED, () -> subscriptions().callback("s", receipt(wake), List.of(), true));

            time.advance(SubscriptionLimits.TOKEN_TTL);

            assertRefused(Reason.TOKEN_EXPIRED, () -> subscriptions().callback("s", receipt(wake), List.of(), true));
        }
    }

    @Test
    void webhooksAreSignedWithTheKeyOfTheNamespace() throws Exception {
        assertThat(subscriptions().key()).isEmpty();
        subscriptions().create("s", webhook("a"), ADDRESS);
        SubscriptionKey key = subscriptions().key().orElseThrow();
        try (Woken woken = new Woken(store, time)) {
            stream("a").create(StreamSpec.bytes().content(bytes("x")));
            WebhookDelivery delivery = woken.next();

            String[] header = delivery.signature(bytes("body")).split("[=,]", 6);

            assertThat(header[1]).isEqualTo(Long.toString(time.millis() / 1_000));
            assertThat(header[3]).isEqualTo(key.kid()).startsWith("ds_");
            Signature check = Signature.getInstance("Ed25519");
            byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
            byte[] encoded = new byte[prefix.length + key.point().length];
            System.arraycopy(prefix, 0, encoded, 0, prefix.length);
            System.arraycopy(key.point(), 0, encoded, prefix.length, key.point().length);
            check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            check.update((header[1] + ".body").getBytes(StandardCharsets.UTF_8));
            assertThat(check.verify(Base64.getUrlDecoder().decode(header[5]))).isTrue();
            assertThat(delivery.address()).isEqualTo(ADDRESS);
        }
    }

    @Test
    void whatIsDoneOfAStreamIsNotDoneOfALaterOneOfItsName() throws Exception {
        subscriptions().create("s", webhook("a"), ADDRESS);
        Runnable replaced = () -> {
            stream("a").delete();
            stream("a").create(StreamSpec.bytes().content(bytes("y")));
        };
        try (Woken woken = new Woken(store, time).answering(Answer.DONE).meanwhile(replaced)) {
            stream("a").create(StreamSpec.bytes().content(bytes("x")));
            woken.next();

            SubscriptionWake again = woken.next().wake();

            assertThat(again.generation()).isEqualTo(2);
            assertThat(link(again, "a").acked()).isEqualTo(-1);
        }
    }
}
