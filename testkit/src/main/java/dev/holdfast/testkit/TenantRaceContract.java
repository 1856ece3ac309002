package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.Tx;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvWatch;
import dev.holdfast.kv.KvWatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
            assertThat(isThere(other, "before")).isFalse();
            write(other, "meanwhile");
        });

        holdfast.deleteNamespace("acme");
        write(other, "after");

        assertThat(isThere(holdfast, "before")).isFalse();
        assertThat(isThere(holdfast, "meanwhile")).isTrue();
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

    @Test
    void whatIsWrittenAfterADeletionThatNobodyEndsStays() {
        write(other, "before");
        time.after(500, () -> {
            throw new IllegalStateException("the program ends here");
        });
        assertThatThrownBy(() -> holdfast.deleteNamespace("acme")).hasMessage("the program ends here");
        time.advance(Duration.ofSeconds(1));

        write(other, "after");
        time.advance(Duration.ofMinutes(20));
        TenantContract.sweep(other);

        assertThat(isThere(other, "before")).isFalse();
        assertThat(isThere(other, "after")).isTrue();
        assertThat(isThere(holdfast, "after")).isTrue();
    }

    @Test
    void aWatchTellsThatAllIsGoneAndGoesOnInTheNextNamespaceOfTheName() {
        write(holdfast, "before");
        List<KvWatch.Event> events = Collections.synchronizedList(new ArrayList<>());
        try (KvWatch watch =
                other.namespace("acme").kv().watch(KvWatchOptions.prefixes(KeyPrefix.all()), events::add)) {
            assertThat(watch).isNotNull();
            await().until(() -> !events.isEmpty());
            events.clear();

            holdfast.deleteNamespace("acme");
            await().untilAsserted(() -> assertThat(kinds(events)).contains("DELETE before"));
            write(holdfast, "after");

            await().untilAsserted(() -> assertThat(kinds(events)).contains("SET after"));
        }
    }

    private static List<String> kinds(List<KvWatch.Event> events) {
        return List.copyOf(events).stream()
                .flatMap(event -> event.updates().stream())
                .map(update ->
                        update.kind() + " " + update.key().parts().getFirst().toJava())
                .toList();
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
