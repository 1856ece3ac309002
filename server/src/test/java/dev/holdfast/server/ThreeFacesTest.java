package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvMutation.Arithmetic;
import dev.holdfast.kv.KvMutation.Bounds;
import dev.holdfast.kv.KvValue;
import dev.holdfast.server.http.HttpServerOptions;
import dev.holdfast.testkit.RandomProgram;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A random program whose steps are done by Java, KeyVal and KV Connect in turn: what each answers, and what all of them
 * then read, is what one model says.
 */
@Timeout(60)
class ThreeFacesTest {
    private static final int STEPS = 400;
    private static final int LOOK_EVERY = 8;
    private static final int KEYS = 24;
    private static final List<Object> PARTS = List.of(
            "a",
            "",
            "a\0b",
            1,
            -1.5,
            1e300,
            BigInteger.ONE,
            BigInteger.TWO.pow(70).negate(),
            true,
            new byte[] {1},
            new byte[] {0, -1});
    private static final List<String> VALUES = List.of(
            "0",
            "-7",
            "1.5",
            "9007199254740000",
            "true",
            "null",
            "\"\u00e9\\u0000\u6f22\"",
            "[1,[\"a\",null],{}]",
            "{\"a\":{\"b\":[1.25,false]},\"2\":\"c\"}",
            "{\"__type\":\"bigint\",\"value\":\"1180591620717411303424\"}");

    private final long seed = Long.getLong(RandomProgram.SEED_PROPERTY, System.nanoTime());
    private final Random random = new Random(seed);
    private final FacesModel model = new FacesModel();
    private final List<Versionstamp> stamps = new ArrayList<>(List.of(new Versionstamp(1)));
    private final List<Key> keys =
            IntStream.range(0, KEYS).mapToObj(i -> randomKey()).toList();

    @Test
    void oneProgramThroughThreeFacesIsOneKeyspace() throws Exception {
        try (ServedStore served = new ServedStore(Holdfast.MEMORY, HttpServerOptions.defaults());
                KvConnectClient client =
                        new KvConnectClient(served, HttpClient.Version.HTTP_2, "/kv", ServedStore.ADMIN)) {
            Face.Java java = new Face.Java(served.store().kv());
            Face.Rest rest = new Face.Rest(served);
            List<Face> faces = List.of(java, rest, new Face.Deno(client));
            for (int step = 0; step < STEPS; step++) {
                String where = "-D%s=%d, step %d".formatted(RandomProgram.SEED_PROPERTY, seed, step);
                if (random.nextInt(25) == 0) {
                    Key key = some(keys);
                    long deleted = random.nextBoolean() ? java.kv().delete(key) : rest.deleteBelow(key);
                    assertThat(deleted).as(where).isEqualTo(model.deleteBelow(key));
                } else {
                    commit(some(faces), where);
                }
                if (step % LOOK_EVERY == 0) {
                    for (Face face : faces) {
                        look(face, KeyPrefix.all(), 1_000, where);
                        look(face, KeyPrefix.of(some(keys)), 1 + random.nextInt(4), where);
                        look(face, KeyPrefix.of(some(PARTS)), 1 + random.nextInt(10), where);
                    }
                }
            }
        }
    }

    private void commit(Face face, String where) throws Exception {
        List<KvCheck> checks =
                IntStream.range(0, random.nextInt(3)).mapToObj(i -> check()).toList();
        List<KvMutation> mutations = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> mutation(face))
                .toList();

        Face.Outcome outcome = face.commit(checks, mutations);

        String as = where + ": " + face.getClass().getSimpleName() + " " + checks + " " + mutations;
        List<Integer> failed = model.failed(checks);
        assertThat(outcome.failed()).as(as).isEqualTo(failed);
        boolean done = failed.isEmpty() && model.apply(mutations, face instanceof Face.Deno);
        assertThat(outcome.stamp().isPresent()).as(as).isEqualTo(done);
        outcome.stamp().ifPresent(stamp -> {
            assertThat(stamp).as(as).isGreaterThan(stamps.getLast());
            stamps.add(stamp);
            model.stamp(mutations, stamp);
        });
    }

    private void look(Face face, KeyPrefix prefix, int limit, String where) throws Exception {
        boolean reverse = random.nextBoolean();
        Comparator<Key> order = reverse ? face.order().reversed() : face.order();
        assertThat(face.list(prefix, limit, reverse))
                .as(where + ": " + face.getClass().getSimpleName() + " below " + prefix)
                .isEqualTo(model.select(prefix, order, limit));
    }

    /** One that holds, or is too old, or wants nothing to be there. */
    private KvCheck check() {
        Key key = some(keys);
        return new KvCheck(
                key,
                switch (random.nextInt(6)) {
                    case 0 -> Optional.of(some(stamps));
                    case 1 -> Optional.empty();
                    default -> model.stamp(key);
                });
    }

    private KvMutation mutation(Face face) {
        Key key = some(keys);
        return switch (random.nextInt(9)) {
            case 0, 1 -> new KvMutation.Delete(key);
            case 2, 3 ->
                new KvMutation.Combine(
                        key, Arithmetic.SUM, BigInteger.valueOf(random.nextInt(20) - 5), Optional.empty());
            case 4 ->
                face instanceof Face.Deno
                        ? new KvMutation.Calculate(key, Arithmetic.SUM, KvValue.u64(random.nextInt(9)), Bounds.none())
                        : set(key, value());
            case 5 -> set(key, face instanceof Face.Rest ? value() : KvValue.u64(some(List.of(0L, 7L, -1L))));
            default -> set(key, value());
        };
    }

    private static KvMutation set(Key key, KvValue value) {
        return new KvMutation.Set(key, value, Optional.empty());
    }

    private KvValue value() {
        return KvValue.jsonText(some(VALUES));
    }

    private Key randomKey() {
        return Key.of(IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> some(PARTS))
                .toList());
    }

    private <T> T some(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
