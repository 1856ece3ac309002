package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.stream.SubscriptionRunner;
import dev.holdfast.stream.SubscriptionWake;
import dev.holdfast.stream.WebhookDelivery;
import dev.holdfast.stream.WebhookSender;
import dev.holdfast.testkit.Store;
import dev.holdfast.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A runner of subscriptions whose webhooks are kept, and answered as a test says. */
final class Woken implements WebhookSender, AutoCloseable {
    private static final int SECONDS_MAX = 20;
    private static final int TURNS_MAX = 2_000;
    private static final Duration TURN = Duration.ofMillis(100);

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final VirtualTime time;
    private final SubscriptionRunner runner;
    private volatile Answer answer = Answer.TAKEN;
    private volatile Runnable meanwhile = () -> {};

    Woken(Store store, VirtualTime time) {
        this.time = time;
        this.runner = SubscriptionRunner.start(store.database(), this, 4);
    }

    /** What calls from now on are answered with. */
    Woken answering(Answer next) {
        answer = next;
        return this;
    }

    /** What happens once, while the next call is under way. */
    Woken meanwhile(Runnable what) {
        meanwhile = what;
        return this;
    }

    @Override
    public Answer send(WebhookDelivery delivery) {
        Answer now = answer;
        Runnable what = meanwhile;
        meanwhile = () -> {};
        what.run();
        calls.add(new Call(delivery, time.millis()));
        return now;
    }

    /** The next call, which comes without the clock being turned. */
    WebhookDelivery next() throws InterruptedException {
        Call call = calls.poll(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(call).as("a call").isNotNull();
        return call.delivery();
    }

    /** The next call; the clock is turned until it comes. */
    Call nextInTime() throws InterruptedException {
        for (int i = 0; i < TURNS_MAX; i++) {
            Call call = calls.poll(5, TimeUnit.MILLISECONDS);
            if (call != null) {
                return call;
            }
            time.advance(TURN);
        }
        throw new AssertionError("no call came in " + TURN.multipliedBy(TURNS_MAX));
    }

    /** What was called by now; null when that is nothing new. */
    @Nullable
    SubscriptionWake poll() {
        Call call = calls.poll();
        return call == null ? null : call.delivery().wake();
    }

    /** Whether nothing was called that was not taken by now. */
    boolean isQuiet() {
        return calls.isEmpty();
    }

    @Override
    public void close() {
        runner.close();
    }

    /**
     * A call.
     *
     * @param at when it came, by the store's clock
     */
    record Call(WebhookDelivery delivery, long at) {}
}
