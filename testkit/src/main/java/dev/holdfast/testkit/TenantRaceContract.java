package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the deletion of a namespace promises while another program writes to it: a write that begins after the deletion
 * is in the new namespace of that name and stays. For stores that several programs may open.
 */
public abstract class TenantRaceContract extends Contract {
    private final VirtualTime time = new VirtualTime();
    private Holdfast holdfast;
    private Holdfast other;

    /** The suite over the stores of one engine. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected TenantRaceContract() {}

    @BeforeEach
    void open() {
        Store first = stores().fresh(time);
        Store second = first.second();
        HoldfastOptions options = HoldfastOptions.defaults().withTime(time);
        holdfast = Holdfast.over(first.engine(), options);
        other = Holdfast.over(second.engine(), options);
    }

    @AfterEach
    void close() {
        other.close();
        holdfast.close();
    }

    @Test
    void aProgramThatKnewTheNamespaceWritesToTheNewOne() {
        write(other, "before");
        int number = number(other);

        assertThat(holdfast.deleteNamespace("acme")).isTrue();
        write(other, "after");

        assertThat(isThere(holdfast, "before")).isFalse();
        assertThat(isThere(holdfast, "after")).isTrue();
        assertThat(isThere(other, "after")).isTrue();
        assertThat(number(holdfast)).isGreaterThan(number).isEqualTo(number(other));
    }

    @Test
    void aNamespaceThatIsBeingDeletedIsNotRememberedAnew() {
        write(holdfast, "before");
        time.after(999, () -> {
            assertThat(holdfast.namespaces().list()).containsExactly("default");
            write(other, "meanwhile");
        });

        holdfast.deleteNamespace("acme");
        write(other, "after");

        assertThat(isThere(holdfast, "meanwhile")).isFalse();
        assertThat(isThere(holdfast, "after")).isTrue();
    }

    @Test
    void aDeletionThatNobodyEndsIsEndedByAnother() {
        write(holdfast, "before");
        int number = number(holdfast);
        time.after(500, () -> {
            throw new IllegalStateException("the program ends here");
        });
        assertThatThrownBy(() -> holdfast.deleteNamespace("acme")).hasMessage("the program ends here");
        time.advance(Duration.ofMinutes(2));

        TenantContract.sweep(other);
        write(other, "after");

        assertThat(isThere(holdfast, "before")).isFalse();
        assertThat(isThere(holdfast, "after")).isTrue();
        assertThat(number(holdfast)).isGreaterThan(number);
    }

    private static void write(Holdfast program, String key) {
        program.namespace("acme").kv().set(Key.of(key), 1);
    }

    private static boolean isThere(Holdfast program, String key) {
        return program.namespace("acme").kv().get(Key.of(key)).isPresent();
    }

    private static int number(Holdfast program) {
        return program.database().session("acme").read(Tx::ns);
    }
}
