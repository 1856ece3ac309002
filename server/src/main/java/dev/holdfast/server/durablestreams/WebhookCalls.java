package dev.holdfast.server.durablestreams;

import dev.holdfast.Holdfast;
import dev.holdfast.stream.SubscriptionRunner;

/** Wakes the subscriptions of a store and calls their webhooks, as long as it is open. */
public final class WebhookCalls implements AutoCloseable {
    private final WebhookClient client;
    private final SubscriptionRunner runner;

    private WebhookCalls(WebhookClient client, SubscriptionRunner runner) {
        this.client = client;
        this.runner = runner;
    }

    /** Begins; any number may run on one database. Close it before the store. */
    public static WebhookCalls start(Holdfast holdfast, DurableStreamsOptions options) {
        WebhookClient client =
                new WebhookClient(new WebhookTargets(options.loopbackWebhooks()), options.webhookCallsMax());
        return new WebhookCalls(
                client, SubscriptionRunner.start(holdfast.database(), client, options.webhookCallsMax()));
    }

    /** Calls nobody any more, and cuts the calls that run: they are made again by whoever runs next. */
    @Override
    public void close() {
        client.close();
        runner.close();
    }
}
