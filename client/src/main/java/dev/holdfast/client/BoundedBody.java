package dev.holdfast.client;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body in memory, up to a bound; beyond it the connection is given up. */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
    private final int bytesMax;
    private Flow.@Nullable Subscription subscription;
    private long seen;

    BoundedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return bytes.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        bytes.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {
        if (seen > bytesMax) {
            return;
        }
        for (ByteBuffer buffer : part) {
            seen += buffer.remaining();
        }
        Flow.Subscription from = subscription;
        if (seen <= bytesMax) {
            bytes.onNext(part);
        } else if (from != null) {
            from.cancel();
            bytes.onError(new AnswerTooLarge(seen, bytesMax));
        }
    }

    @Override
    public void onError(Throwable failure) {
        bytes.onError(failure);
    }

    @Override
    public void onComplete() {
        if (seen <= bytesMax) {
            bytes.onComplete();
        }
    }
}
