package dev.holdfast.stream;

import java.nio.charset.StandardCharsets;

/** A webhook that is to be called: where, what it is told, and what proves that it came from here. */
public final class WebhookDelivery {
    private final String url;
    private final String address;
    private final SubscriptionWake wake;
    private final long seconds;
    private final SubscriptionKeys.Secret key;

    WebhookDelivery(String url, String address, SubscriptionWake wake, long nowMillis, SubscriptionKeys.Secret key) {
        this.url = url;
        this.address = address;
        this.wake = wake;
        this.seconds = Math.floorDiv(nowMillis, 1_000L);
        this.key = key;
    }

    /** Where to call. */
    public String url() {
        return url;
    }

    /** What the maker of the subscription gave as its address; see {@link Subscriptions#create}. */
    public String address() {
        return address;
    }

    /** What the receiver is told. */
    public SubscriptionWake wake() {
        return wake;
    }

    /** The header that signs a body: the second, the name of the key, and a signature over the second and the body. */
    public String signature(byte[] body) {
        byte[] time = (seconds + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[time.length + body.length];
        System.arraycopy(time, 0, signed, 0, time.length);
        System.arraycopy(body, 0, signed, time.length, body.length);
        return "t=" + seconds + ",kid=" + key.kid() + ",ed25519=" + SubscriptionKeys.base64(key.sign(signed));
    }
}
