package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastOptions;
import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.simple.SimpleKv;
import dev.holdfast.simple.SimpleKvOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening the small store by itself: files, memory, sharing, other processes. */
class SimpleKvFileTest {
    @TempDir
    Path folder;

    private String file() {
        return folder.resolve("store.db").toString();
    }

    @Test
    void everyTypeIsThereAfterReopening() {
        Map<String, Object> samples = SimpleKvValueContract.samples();
        try (SimpleKv kv = SimpleKv.open(file())) {
            samples.forEach(kv::set);
            kv.set("inner", Map.of("list", List.of(samples)));
            kv.namespace("users").set("a", 1);
        }

        try (SimpleKv kv = SimpleKv.open(file())) {
            assertThat(kv.get("inner")).contains(Map.of("list", List.of(samples)));
            kv.delete("inner");
            assertThat(kv.all()).isEqualTo(samples);
            assertThat(kv.namespaces()).containsExactly("commandkit_kv", "users");
        }
    }

    @Test
    void anotherProcessReadsAndExpiriesGoOn() {
        try (SimpleKv kv = SimpleKv.open(file(), SimpleKvOptions.defaults().withNamespace("config"))) {
            kv.set("theme", "dark");
            kv.set("n", 1);
            kv.setex("session", Map.of("user", 1), Duration.ofHours(1));
            kv.setex("session.token", "secret", Duration.ofMinutes(30));
            kv.setex("gone", 1, 1);
        }
        try (ChildJvm child = ChildJvm.start(Child.class, file())) {
            child.awaitSuccess();

            assertThat(child.lines())
                    .containsExactly(
                            "[n, session, theme]", "dark", "{user=1, token=secret}", "hour true", "half true", "2");
        }
        try (SimpleKv kv = SimpleKv.open(file(), SimpleKvOptions.defaults().withNamespace("config"))) {
            assertThat(kv.get("n")).contains(2L);
        }
    }

    /** The other process. */
    static final class Child {
        private Child() {}

        /** Prints what it finds. */
        public static void main(String[] args) {
            try (SimpleKv kv = SimpleKv.open(args[0], SimpleKvOptions.defaults().withNamespace("config"))) {
                System.out.println(kv.keys());
                System.out.println(kv.get("theme", String.class).orElse(""));
                System.out.println(kv.get("session").orElse(""));
                System.out.println("hour " + (kv.ttl("session") > 3_000_000 && kv.ttl("session") < 3_600_000));
                System.out.println(
                        "half " + (kv.ttl("session.token") > 1_200_000 && kv.ttl("session.token") < 1_800_000));
                System.out.println(kv.math("n", "+", 1));
            }
        }
    }

    @Test
    void memoryIsGoneWhenItIsClosed() {
        SimpleKv kv = SimpleKv.open(":memory:");
        kv.set("a", 1);
        assertThat(kv.isOpen()).isTrue();
        kv.close();
        kv.close();

        assertThat(kv.isOpen()).isFalse();
        assertThatThrownBy(() -> kv.get("a"))
                .isInstanceOf(ClosedException.class)
                .hasMessageContaining("Store is closed");
        try (SimpleKv again = SimpleKv.open(":memory:")) {
            assertThat(again.count()).isZero();
        }
    }

    @Test
    void whoOpenedAStoreClosesItAndANamespaceDoesNot() {
        SimpleKv kv = SimpleKv.open(":memory:");
        SimpleKv users = kv.namespace("users");
        users.namespace("deeper").close();
        users.set("a", 1);
        users.close();
        assertThat(kv.namespace("users").get("a")).contains(1L);
        SimpleKv open = kv.namespace("users");

        kv.close();

        assertThatThrownBy(() -> open.get("a")).hasMessageContaining("Store is closed");
        assertThatThrownBy(() -> kv.namespace("users")).hasMessageContaining("Store is closed");
    }

    @Test
    void sharesAStoreOfEachTenant() {
        try (Holdfast holdfast = Holdfast.open(Holdfast.MEMORY)) {
            SimpleKv kv = SimpleKv.over(holdfast);
            SimpleKv acme = SimpleKv.over(holdfast.namespace("acme").session(), SimpleKvOptions.defaults());
            kv.set("a", 1);
            acme.set("a", 2);
            holdfast.transaction(tx -> {
                tx.collection("notes").insert(Map.of("text", "together"));
                kv.set("b", 1);
                return tx;
            });

            kv.close();

            assertThat(acme.get("a")).contains(2L);
            assertThat(acme.database()).isSameAs(holdfast.database());
            assertThat(SimpleKv.over(holdfast).all()).isEqualTo(Map.of("a", 1L, "b", 1L));
        }
    }

    @Test
    void whatExpiredIsSweptInTheBackground() {
        VirtualTime time = new VirtualTime();
        try (Holdfast holdfast =
                Holdfast.open(Holdfast.MEMORY, HoldfastOptions.defaults().withTime(time))) {
            SimpleKv kv = SimpleKv.over(holdfast);
            kv.setex("entry", 1, 50);
            kv.setex("object.property", 1, 50);
            assertThat(holdfast.kv().count(KvSelection.all())).isEqualTo(4);

            time.advance(Duration.ofSeconds(10));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> holdfast.database()
                            .engine()
                            .readOne(unit -> unit.first("select count(*) from holdfast_kv", row -> row.getInt(1)))
                            .orElseThrow()
                            .equals(2));
            assertThat(kv.all()).isEqualTo(Map.of("object", Map.of()));
        }
    }

    @Test
    void optionsHaveRanges() {
        SimpleKvOptions defaults = SimpleKvOptions.defaults();

        assertThatThrownBy(() -> defaults.withNamespace(""))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("simple.namespace");
        assertThatThrownBy(() -> defaults.withTransactionLimit(Duration.ZERO)).hasMessageContaining("simple.option");
        assertThatThrownBy(() -> defaults.withTransactionLimit(Duration.ofHours(2)))
                .hasMessageContaining("max=PT1H");
        assertThat(defaults.withDotNotation(false).dotNotation()).isFalse();
    }
}
