package dev.holdfast.testkit.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Session;
import dev.holdfast.stream.StreamRoom;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.Store;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/**
 * Streams under a program of random steps that two processes take in turns, beside a plain model: what one of them
 * remembers must not outlive what the other has done. Their sweeps put even the smallest appends together, which nobody
 * may notice. For stores that several may open.
 */
public abstract class StreamSharedRandomContract extends StreamRandomContract {
    private static final int SEGMENT_BYTES = 128;

    private Store second;

    /** The suite over the stores of one engine. */
    protected StreamSharedRandomContract() {}

    @BeforeEach
    void openTheOther() {
        second = store.second();
        List.of(store, second).forEach(each -> StreamRoom.of(each.database()).segmentBytes(SEGMENT_BYTES));
    }

    @Override
    void assertRows(long rows, long appends) {
        assertThat(rows).as("rows of appends").isLessThanOrEqualTo(appends);
    }

    @Override
    Session session(RandomProgram program) {
        return (program.chance(50) ? store : second).session();
    }
}
