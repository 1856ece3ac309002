package dev.holdfast.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.client.ClientException.Facts;
import dev.holdfast.client.ClientException.Reason;
import dev.holdfast.stream.ProducerStamp;
import java.util.Optional;
import java.util.OptionalLong;

/** One producer as a server sees it, by the table of the protocol; it stores what it takes in one text. */
final class ModelProducers {
    private static final String PATH = "/v1/stream/a";

    private final StringBuilder stored = new StringBuilder();
    private long epoch = -1;
    private long seq = -1;
    private boolean closed;

    synchronized RemoteAppended take(ProducerBatch batch, long in) {
        ProducerStamp stamp = new ProducerStamp("p", in, batch.seq());
        byte[] content = batch.append("text/plain", stamp).content();
        boolean closing = batch.append("text/plain", stamp).close();
        if (in < epoch) {
            throw refusal(Reason.STALE_EPOCH, 403, OptionalLong.of(epoch), OptionalLong.empty());
        }
        if (in > epoch && stamp.seq() > 0) {
            throw epoch < 0
                    ? refusal(Reason.GAP, 409, OptionalLong.empty(), OptionalLong.of(0))
                    : refusal(Reason.BAD_REQUEST, 400, OptionalLong.empty(), OptionalLong.empty());
        }
        if (in == epoch && stamp.seq() <= seq) {
            return answer(true);
        }
        if (in == epoch && stamp.seq() > seq + 1) {
            throw refusal(Reason.GAP, 409, OptionalLong.empty(), OptionalLong.of(seq + 1));
        }
        String text = new String(content, UTF_8);
        if (closed || text.contains("bad")) {
            throw refusal(
                    closed ? Reason.CLOSED : Reason.BAD_REQUEST,
                    closed ? 409 : 400,
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }
        epoch = in;
        seq = stamp.seq();
        closed = closing;
        stored.append(text);
        return answer(false);
    }

    /** Somebody else takes over. */
    synchronized void claim(String text) {
        epoch++;
        seq = 0;
        stored.append(text);
    }

    synchronized String stored() {
        return stored.toString();
    }

    synchronized long epoch() {
        return epoch;
    }

    private RemoteAppended answer(boolean repeated) {
        return new RemoteAppended(
                Integer.toString(stored.length()), closed, repeated, Optional.of(new ProducerStamp("p", epoch, seq)));
    }

    private static ClientException refusal(Reason reason, int status, OptionalLong epoch, OptionalLong expected) {
        return new ClientException(reason, status, PATH, "refused", new Facts(Optional.empty(), epoch, expected));
    }
}
