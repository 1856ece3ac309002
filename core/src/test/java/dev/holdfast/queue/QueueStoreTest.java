package dev.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Doctor;
import dev.holdfast.Holdfast;
import dev.holdfast.Namespace;
import dev.holdfast.engine.Finding;
import dev.holdfast.engine.NamespaceQuota;
import dev.holdfast.engine.NamespaceUsage;
import dev.holdfast.key.Key;
import dev.holdfast.kv.KvValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues as a part of a store: exports, quotas, namespaces that are deleted, and the end of the store. */
class QueueStoreTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final JobOptions ONCE = JobOptions.defaults().withRetry(RetryPolicy.delays());

    private final Holdfast from = Holdfast.open(Holdfast.MEMORY);
    private final Holdfast to = Holdfast.open(Holdfast.MEMORY);

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    @Test
    void anImportHoldsEveryJobAsItWas() throws IOException {
        Queue mail = from.queue("mail");
        mail.enqueue("dead", ONCE.withFallbackKeys(Key.of("lost", 1)));
        mail.nack(mail.claim(1, LEASE).getFirst().claim(), "no");
        mail.enqueue("claimed", ONCE.withPriority(0).withUniqueKey("k"));
        Job claimed = mail.claim(1, LEASE).getFirst();
        mail.enqueue(KvValue.u64(7), JobOptions.defaults().withDelay(LEASE));
        mail.enqueue("ready", JobOptions.defaults().withFallbackKeys(Key.of("a"), Key.of("b", 2)));
        mail.enqueueAll(List.of("first", "second"), ONCE.withPriority(9).withOrderingKey("ann"));
        from.queue("still").pause();
        from.queue("slow").deadLettersTo("slow.dlq");
        from.queue("slow").flow(QueueFlow.unlimited().withConcurrency(2).withRate(9, LEASE));

        assertThat(load(export())).isEqualTo(12);
        load(export());

        assertThat(to.contentHash()).isEqualTo(from.contentHash());
        Queue there = to.queue("mail");
        assertThat(there.stats()).isEqualTo(mail.stats());
        assertThat(there.dead(10, 0)).isEqualTo(mail.dead(10, 0));
        assertThat(texts(there.claim(10, LEASE))).containsExactly("\"ready\"", "\"first\"");
        assertThat(there.ack(claimed.claim())).isTrue();
        assertThat(to.queue("still").stats().paused()).isTrue();
        assertThat(to.queues().list()).containsExactly("mail", "slow", "still");
        assertThat(to.queue("slow").flow()).isEqualTo(from.queue("slow").flow());
        assertThat(to.queue("slow").deadLettersTo()).contains("slow.dlq");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'state':'ready'|'state':'lost'",
                "'priority':5|'priority':10",
                "'attemptsMax':1|'attemptsMax':0",
                "'retry':''|'retry':'often'",
                "'id':'0|'id':'x0",
                "'token':0|'token':-1",
                "'dueAt':|'dueAt':1.5,'x':",
                "'state':'ready'|'state':'behind'",
                "'queue':'mail'|'queue':''",
                "'value':|'worth':"
            })
    void aLineThatIsNoJobIsRefused(String change) {
        from.queue("mail").enqueue("x", ONCE);
        String[] parts = change.replace('\'', '"').split("\\|");
        String broken = export().replace(parts[0], parts[1]);

        assertThatThrownBy(() -> load(broken)).hasMessageContaining("queue.");
        assertThat(to.queue("mail").stats().total()).isZero();
    }

    @Test
    void jobsCountInAQuotaAndFallbacksAreNeverRefused() {
        Namespace acme = from.namespace("acme");
        acme.quota(NamespaceQuota.none().withRowsMax(2));
        Queue mail = acme.queue("mail");
        mail.enqueue("a", ONCE.withFallbackKeys(Key.of("lost", 1), Key.of("lost", 2)));
        mail.enqueue("b");
        assertThatThrownBy(() -> mail.enqueue("c")).hasMessageContaining("namespace.quota");
        assertThatThrownBy(() -> mail.enqueueAll(List.of(1, 2), ONCE)).hasMessageContaining("namespace.quota");

        assertThat(mail.nack(mail.claim(1, LEASE).getFirst().claim(), "no")).isTrue();

        assertThat(acme.usage().rows()).isEqualTo(4);
        assertSound();
        assertThat(mail.ack(mail.claim(1, LEASE).getFirst().claim())).isTrue();
        assertThat(mail.purgeDead()).isEqualTo(1);
        assertThat(acme.kv().delete(Key.of("lost"))).isEqualTo(2);
        assertThat(acme.usage()).isEqualTo(NamespaceUsage.NOTHING);
        mail.enqueue("d");
        assertThat(mail.requeue("none")).isEmpty();
        assertThat(mail.purge()).isEqualTo(1);
        assertSound();
    }

    @Test
    void theQueuesOfADeletedNamespaceAreGone() {
        Namespace acme = from.namespace("acme");
        acme.queue("mail").enqueue("x");
        acme.queue("mail").pause();

        assertThat(from.deleteNamespace("acme")).isTrue();

        assertThat(acme.queues().list()).isEmpty();
        assertThat(acme.queue("mail").stats()).isEqualTo(new QueueStats(0, 0, 0, 0, 0, false));
        assertSound();
    }

    @Test
    void aStoreThatIsClosedLetsItsWorkersEnd() {
        List<Job> handled = new ArrayList<>();
        Holdfast store = Holdfast.open(Holdfast.MEMORY);
        QueueListener listener = store.queue("mail").listen(handled::add);

        store.close();

        assertThat(listener.running()).isZero();
        assertThat(handled).isEmpty();
        listener.close();
    }

    private void assertSound() {
        List<Finding> findings = new ArrayList<>();
        assertThat(from.doctor().examine(findings::add)).as("%s", findings).isEqualTo(Doctor.Verdict.SOUND);
    }

    private String export() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            from.exportTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private long load(String export) throws IOException {
        return to.importFrom(new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(List<Job> jobs) {
        return jobs.stream().map(job -> job.value().toString()).toList();
    }
}
