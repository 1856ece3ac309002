package dev.holdfast.testkit;

import dev.holdfast.simple.SimpleKv;
import dev.holdfast.simple.SimpleKvOptions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** A suite over the small store: an empty one for each test, and a clock that stands still. */
public abstract class SimpleKvSuite extends Contract {
    VirtualTime time = new VirtualTime();
    Store store;
    SimpleKv kv;

    /** A suite over the stores of one engine, which must hold the tables of {@link KvSuite#rooms()}. */
    protected SimpleKvSuite() {}

    @BeforeEach
    void openStore() {
        time = new VirtualTime();
        store = stores().fresh(time);
        kv = open(SimpleKvOptions.defaults());
    }

    /** Another handle on the same store, as another caller would open it. */
    SimpleKv open(SimpleKvOptions options) {
        return SimpleKv.over(store.session(), options);
    }

    void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }
}
