package dev.holdfast.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.key.Key;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.queue.DeadJob;
import dev.holdfast.queue.Enqueued;
import dev.holdfast.queue.Job;
import dev.holdfast.queue.JobClaim;
import dev.holdfast.queue.JobOptions;
import dev.holdfast.queue.Queue;
import dev.holdfast.queue.RetryPolicy;
import dev.holdfast.testkit.RandomProgram;
import dev.holdfast.testkit.RandomProgram.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A queue under a program of random steps, beside a plain model: jobs of every kind, claims that are settled in time,
 * late, twice or not at all, transactions kept and thrown away, a clock that turns, rounds of the background.
 */
public abstract class QueueRandomContract extends QueueSuite {
    private static final int STEPS = 2_500;
    private static final List<Duration> DELAYS =
            List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(40), Duration.ofMillis(300));

    /** Every claim that was handed out, good ones and others. */
    private final List<JobClaim> claims = new ArrayList<>();

    private int values;

    /** The suite over the stores of one engine. */
    protected QueueRandomContract() {}

    /** An operation, and its name for the story of a failure. */
    private record Op(String text, Run run) {}

    /** Does the same to both and compares what they answer. */
    @FunctionalInterface
    private interface Run {
        void on(Queue queue, QueueModel model);
    }

    @Test
    void manyStepsLeaveWhatTheModelSays() {
        RandomProgram program = RandomProgram.seeded();
        System.Logger log = System.getLogger(QueueRandomContract.class.getName());
        log.log(System.Logger.Level.INFO, "-D" + RandomProgram.SEED_PROPERTY + "=" + program.seed());
        QueueModel model = new QueueModel(time::millis);

        program.run(STEPS, random -> next(random, model));

        agree(model);
    }

    private Step next(RandomProgram program, QueueModel model) {
        int kind = program.random().nextInt(100);
        if (kind < 12) {
            Duration by = Duration.ofMillis(program.random().nextInt(60));
            return new Step("the clock turns by " + by, () -> time.advance(by));
        }
        if (kind < 14) {
            return new Step("sweep", () -> assertThat(sweep()).isEqualTo(model.tend()));
        }
        if (kind < 17) {
            return new Step("all agrees", () -> agree(model));
        }
        if (kind < 22) {
            boolean kept = program.chance(60);
            List<Op> ops = Stream.generate(() -> op(program, model))
                    .limit(1 + program.random().nextInt(4))
                    .toList();
            return new Step(
                    ops.stream().map(Op::text).collect(Collectors.joining(", ", "transaction [", "], kept=" + kept)),
                    () -> transaction(ops, model, kept));
        }
        Op op = op(program, model);
        return new Step(op.text(), () -> {
            op.run().on(queue, model);
            assertThat(queue.stats()).isEqualTo(model.stats());
        });
    }

    private Op op(RandomProgram program, QueueModel model) {
        return switch (program.random().nextInt(20)) {
            case 0, 1, 2, 3, 4 -> enqueue(program);
            case 5 -> enqueueAll(program);
            case 6, 7, 8, 9 -> claim(program);
            case 10, 11 -> settle(program, "ack", Queue::ack, QueueModel::remove);
            case 12, 13, 14 -> settle(program, "nack", (all, claim) -> all.nack(claim, "no"), QueueModel::nack);
            case 15 -> settle(program, "release", Queue::release, QueueModel::release);
            case 16 -> extend(program);
            case 17 -> requeue(program, model);
            case 18 -> cancel(program, model);
            default -> rarely(program);
        };
    }

    private Op enqueue(RandomProgram program) {
        JobOptions options = options(program, true);
        return new Op("enqueue " + options, (all, model) -> {
            int value = ++values;
            Optional<QueueModel.Cell> holder = options.uniqueKey().flatMap(model::holder);
            Enqueued enqueued = all.enqueue(value, options);
            assertThat(enqueued.added()).isEqualTo(holder.isEmpty());
            holder.ifPresentOrElse(
                    other -> assertThat(enqueued.id()).isEqualTo(other.id),
                    () -> model.enqueue(enqueued.id(), Integer.toString(value), options));
        });
    }

    private Op enqueueAll(RandomProgram program) {
        JobOptions options = options(program, false);
        int count = program.random().nextInt(6);
        return new Op("enqueue " + count + " with " + options, (all, model) -> {
            List<Integer> some = Stream.generate(() -> ++values).limit(count).toList();
            List<Enqueued> enqueued = all.enqueueAll(some, options);
            for (int i = 0; i < count; i++) {
                model.enqueue(enqueued.get(i).id(), some.get(i).toString(), options);
            }
        });
    }

    private static JobOptions options(RandomProgram program, boolean mayBeUnique) {
        JobOptions options = JobOptions.defaults()
                .withDelay(program.chance(70) ? Duration.ZERO : program.oneOf(DELAYS))
                .withPriority(program.chance(60) ? 5 : program.random().nextInt(10))
                .withDeadLetter(program.chance(70))
                .withRetry(retry(program));
        if (program.chance(20)) {
            options = options.withFallbackKeys(Key.of("f", program.random().nextInt(5)), Key.of("g"));
        }
        return mayBeUnique && program.chance(20)
                ? options.withUniqueKey("k" + program.random().nextInt(4))
                : options;
    }

    private static RetryPolicy retry(RandomProgram program) {
        return program.chance(50)
                ? new RetryPolicy.Delays(Stream.generate(() -> program.oneOf(DELAYS))
                        .limit(program.random().nextInt(4))
                        .toList())
                : new RetryPolicy.Backoff(
                        1 + program.random().nextInt(3), program.oneOf(DELAYS), 1.5, Duration.ofMillis(100));
    }

    private Op claim(RandomProgram program) {
        int limit = 1 + program.random().nextInt(program.chance(80) ? 3 : 30);
        Duration lease = Duration.ofMillis(1 + program.random().nextInt(200));
        return new Op("claim " + limit + " for " + lease, (all, model) -> {
            List<Job> jobs = all.claim(limit, lease);
            List<QueueModel.Cell> expected = model.claim(limit, lease.toMillis());
            assertThat(jobs.stream().map(Job::claim))
                    .containsExactlyElementsOf(
                            expected.stream().map(QueueModel.Cell::claim).toList());
            for (int i = 0; i < jobs.size(); i++) {
                assertThat(jobs.get(i).value()).hasToString(expected.get(i).value);
                assertThat(jobs.get(i).attempt()).isEqualTo(expected.get(i).attempt);
                claims.add(jobs.get(i).claim());
            }
        });
    }

    private Op settle(RandomProgram program, String text, Settle settle, Settled settled) {
        JobClaim claim = anyClaim(program);
        return new Op(text + " " + claim, (all, model) -> {
            Optional<QueueModel.Cell> held = model.held(claim);
            assertThat(settle.on(all, claim)).isEqualTo(held.isPresent());
            held.ifPresent(job -> settled.on(model, job));
        });
    }

    private Op extend(RandomProgram program) {
        List<JobClaim> some = Stream.generate(() -> anyClaim(program))
                .limit(1 + program.random().nextInt(4))
                .distinct()
                .toList();
        Duration lease = Duration.ofMillis(1 + program.random().nextInt(200));
        return new Op("extend " + some + " for " + lease, (all, model) -> {
            List<JobClaim> good =
                    some.stream().filter(claim -> model.held(claim).isPresent()).toList();
            assertThat(all.extendAll(some, lease)).isEqualTo(good);
            good.forEach(claim -> model.extend(model.held(claim).orElseThrow(), lease.toMillis()));
        });
    }

    /** A claim that was handed out, one of the last as a rule. */
    private JobClaim anyClaim(RandomProgram program) {
        if (claims.isEmpty()) {
            return new JobClaim("none", 1);
        }
        int recent = Math.min(claims.size(), program.chance(80) ? 8 : claims.size());
        return claims.get(claims.size() - 1 - program.random().nextInt(recent));
    }

    private Op requeue(RandomProgram program, QueueModel before) {
        String id = anyJob(program, before);
        return new Op("requeue " + id, (all, model) -> {
            Optional<QueueModel.Cell> dead =
                    model.dead().stream().filter(job -> job.id.equals(id)).findFirst();
            Optional<String> again = all.requeue(id);
            assertThat(again.isPresent()).isEqualTo(dead.isPresent());
            dead.ifPresent(job -> {
                model.remove(job);
                JobOptions old = job.options;
                model.enqueue(
                        again.orElseThrow(),
                        job.value,
                        new JobOptions(
                                Duration.ZERO,
                                old.retry(),
                                old.priority(),
                                Optional.empty(),
                                old.fallbackKeys(),
                                old.deadLetter(),
                                old.orderingKey()));
            });
        });
    }

    private Op cancel(RandomProgram program, QueueModel before) {
        String id = anyJob(program, before);
        return new Op("cancel " + id, (all, model) -> assertThat(all.cancel(id)).isEqualTo(model.cancel(id)));
    }

    private static String anyJob(RandomProgram program, QueueModel model) {
        List<QueueModel.Cell> jobs = model.jobs();
        return jobs.isEmpty() ? "none" : program.oneOf(jobs).id;
    }

    private static Op rarely(RandomProgram program) {
        return switch (program.random().nextInt(40)) {
            case 0 -> new Op("purge", (all, model) -> assertThat(all.purge()).isEqualTo(model.purge()));
            case 1 ->
                new Op("purge the dead", (all, model) -> {
                    List<QueueModel.Cell> dead = model.dead();
                    assertThat(all.purgeDead()).isEqualTo(dead.size());
                    dead.forEach(model::remove);
                });
            case 2, 3, 4 ->
                new Op("pause", (all, model) -> {
                    all.pause();
                    model.pause(true);
                });
            default ->
                new Op("resume", (all, model) -> {
                    all.resume();
                    model.pause(false);
                });
        };
    }

    private void transaction(List<Op> ops, QueueModel model, boolean kept) {
        QueueModel outcome = model.copy();
        int known = claims.size();
        try {
            transaction(tx -> {
                outcome.become(model); // it may run again
                claims.subList(known, claims.size()).clear();
                ops.forEach(op -> op.run().on(in(tx), outcome));
                if (!kept) {
                    throw new ThrownAway();
                }
                return true;
            });
            model.become(outcome);
        } catch (ThrownAway e) {
            claims.subList(known, claims.size()).clear();
        }
    }

    private void agree(QueueModel model) {
        assertThat(queue.stats()).isEqualTo(model.stats());
        assertThat(queue.dead(1_000, 0).stream().map(DeadJob::id))
                .containsExactlyElementsOf(
                        model.dead().stream().map(job -> job.id).toList());
        Map<String, String> entries = new TreeMap<>();
        Kv kv = kv();
        kv.list(KvSelection.all())
                .forEach(entry ->
                        entries.put(entry.key().toString(), entry.value().toString()));
        assertThat(entries).isEqualTo(model.entries());
    }

    /** Settles a job in the store. */
    @FunctionalInterface
    private interface Settle {
        boolean on(Queue queue, JobClaim claim);
    }

    /** Settles a job in the model. */
    @FunctionalInterface
    private interface Settled {
        void on(QueueModel model, QueueModel.Cell job);
    }

    /** Ends a transaction that is not to be kept. */
    private static final class ThrownAway extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
