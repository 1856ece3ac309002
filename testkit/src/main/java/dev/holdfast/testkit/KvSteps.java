package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.InvalidInputException;
import dev.holdfast.engine.Versionstamp;
import dev.holdfast.filter.Filter;
import dev.holdfast.json.Json;
import dev.holdfast.key.Key;
import dev.holdfast.key.KeyPrefix;
import dev.holdfast.kv.Kv;
import dev.holdfast.kv.KvCheck;
import dev.holdfast.kv.KvCommit;
import dev.holdfast.kv.KvEntry;
import dev.holdfast.kv.KvMutation;
import dev.holdfast.kv.KvMutation.Arithmetic;
import dev.holdfast.kv.KvPage;
import dev.holdfast.kv.KvSelection;
import dev.holdfast.kv.KvValue;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Random operations of keys and values, each run on a store and on the model at once, with what must hold between. */
final class KvSteps {
    private static final List<Object> FIRST = List.of("a", "ab", 1);
    private static final List<Object> MORE =
            List.of("", "x", 0, -1, 10, 2.5, BigInteger.TEN, BigInteger.ONE.negate(), true, new byte[] {7});

    private final RandomProgram program;
    private Optional<Paging> paging = Optional.empty();

    KvSteps(RandomProgram program) {
        this.program = program;
    }

    /** An operation, and its name for the story of a failure. */
    record Op(String text, Run run) {}

    /** Does the same to both and compares what they answer. */
    @FunctionalInterface
    interface Run {
        void on(Kv kv, KvModel model);
    }

    /** A list that is read page by page, while others change what it holds. */
    private record Paging(KvSelection selection, Optional<String> cursor, Optional<Key> last) {}

    Op next() {
        return switch (program.random().nextInt(20)) {
            case 0, 1, 2, 3 -> set();
            case 4 -> expire();
            case 5, 6 -> delete();
            case 7 -> deleteExact();
            case 8 -> deleteMatching();
            case 9, 10 -> read();
            case 11 -> list();
            case 12 -> count();
            case 13, 14 -> page();
            case 15 -> optimistic();
            default -> commit();
        };
    }

    private Op set() {
        Key key = key();
        JsonNode value = value();
        Optional<Duration> ttl = ttl();
        return new Op("set " + key + " " + value + " " + ttl, (kv, model) -> {
            Versionstamp stamp = kv.set(key, KvValue.json(value), ttl);
            model.set(key, value, ttl, stamp);
        });
    }

    private Op expire() {
        Key key = key();
        Optional<Duration> ttl = ttl();
        return new Op("expire " + key + " " + ttl, (kv, model) -> {
            Optional<KvModel.Cell> cell = model.get(key);
            assertThat(kv.expire(key, ttl)).isEqualTo(cell.isPresent());
            cell.ifPresent(found ->
                    model.set(key, found.value(), ttl, kv.get(key).orElseThrow().versionstamp()));
        });
    }

    private Op delete() {
        Key key = key();
        return new Op("delete " + key, (kv, model) -> {
            List<Key> covered = model.covered(KeyPrefix.of(key));
            assertThat(kv.delete(key)).isEqualTo(covered.size());
            covered.forEach(model::delete);
        });
    }

    private Op deleteExact() {
        Key key = key();
        return new Op(
                "delete exactly " + key,
                (kv, model) -> assertThat(kv.deleteExact(key)).isEqualTo(model.delete(key)));
    }

    private Op deleteMatching() {
        KeyPrefix prefix = prefix();
        Filter where = filter();
        return new Op("delete " + prefix + " where " + where, (kv, model) -> {
            List<Key> gone = model.covered(prefix).stream()
                    .filter(key -> where.matches(model.get(key).orElseThrow().value()))
                    .toList();
            assertThat(kv.delete(List.of(prefix), Optional.of(where))).isEqualTo(gone.size());
            gone.forEach(model::delete);
        });
    }

    private Op read() {
        List<Key> keys = Stream.generate(this::key)
                .limit(1 + program.random().nextInt(5))
                .toList();
        return new Op("read " + keys, (kv, model) -> {
            List<Optional<KvEntry>> found = kv.getAll(keys);
            for (int i = 0; i < keys.size(); i++) {
                Key key = keys.get(i);
                assertSame(key, found.get(i), model);
                assertThat(kv.get(key)).isEqualTo(found.get(i));
            }
        });
    }

    private Op list() {
        KvSelection selection = selection().limit(program.random().nextInt(5));
        return new Op("list " + selection, (kv, model) -> {
            List<Key> expected = model.select(selection);
            try (Stream<KvEntry> entries = kv.list(selection)) {
                List<KvEntry> found = entries.toList();
                assertThat(found.stream().map(KvEntry::key)).isEqualTo(expected);
                found.forEach(entry -> assertSame(entry.key(), Optional.of(entry), model));
            }
            assertThat(kv.keys(selection)).isEqualTo(expected);
        });
    }

    private Op count() {
        KvSelection selection = program.chance(50) ? KvSelection.below(prefix()) : selection();
        return new Op(
                "count " + selection,
                (kv, model) -> assertThat(kv.count(selection))
                        .isEqualTo(model.select(selection).size()));
    }

    /** The next page of what was begun, or the first of something else. */
    private Op page() {
        Paging from = paging.orElseGet(() -> new Paging(selection(), Optional.empty(), Optional.empty()));
        int size = 1 + program.random().nextInt(4);
        return new Op("page of " + size + " after " + from, (kv, model) -> {
            List<Key> rest = model.select(from.selection).stream()
                    .filter(key -> from.last
                            .map(last -> from.selection.reverse() ? key.compareTo(last) < 0 : key.compareTo(last) > 0)
                            .orElse(true))
                    .toList();
            KvPage page = kv.paginate(from.selection, from.cursor, size);
            List<Key> keys = page.entries().stream().map(KvEntry::key).toList();
            assertThat(keys).isEqualTo(rest.subList(0, Math.min(size, rest.size())));
            assertThat(page.cursor().isPresent()).isEqualTo(rest.size() > size);
            assertThat(page.end()).isEqualTo(rest.size() > size ? KvPage.End.COUNT : KvPage.End.EXHAUSTED);
            paging = page.cursor().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Paging(from.selection, page.cursor(), Optional.of(keys.getLast())));
        });
    }

    private Op optimistic() {
        Key read = key();
        Key written = key();
        JsonNode value = value();
        boolean disturbed = program.chance(30);
        return new Op("optimistic " + read + " -> " + written + (disturbed ? ", disturbed" : ""), (kv, model) -> {
            Optional<Versionstamp> before = model.get(read).map(KvModel.Cell::stamp);
            var result = kv.transaction(tx -> {
                assertSame(read, tx.get(read), model);
                if (disturbed) {
                    model.set(read, value, Optional.empty(), kv.set(read, value));
                }
                tx.set(written, value);
                return true;
            });
            // Inside a transaction two writes carry the same versionstamp.
            boolean same = before.equals(model.get(read).map(KvModel.Cell::stamp));
            assertThat(result.isPresent()).isEqualTo(!disturbed || same);
            result.ifPresent(done -> model.set(written, value, Optional.empty(), done.versionstamp()));
        });
    }

    private Op commit() {
        List<Key> checked =
                Stream.generate(this::key).limit(program.random().nextInt(3)).toList();
        boolean right = program.chance(80);
        List<KvMutation> mutations = Stream.generate(this::mutation)
                .limit(program.random().nextInt(5))
                .toList();
        return new Op("commit " + checked + right + mutations, (kv, model) -> {
            List<KvCheck> checks = new ArrayList<>();
            checked.forEach(key -> checks.add(new KvCheck(key, model.get(key).map(KvModel.Cell::stamp))));
            if (!right) {
                checks.add(new KvCheck(key(), Optional.of(new Versionstamp(1))));
            }
            commit(kv, model, checks, mutations);
        });
    }

    private static void commit(Kv kv, KvModel model, List<KvCheck> checks, List<KvMutation> mutations) {
        List<Integer> failed = model.failed(checks);
        if (!failed.isEmpty()) {
            assertThat(kv.commit(checks, mutations)).isEqualTo(new KvCommit.Conflict(failed));
        } else if (model.apply(mutations)) {
            KvCommit.Committed committed = (KvCommit.Committed) kv.commit(checks, mutations);
            model.stamp(mutations, committed.versionstamp());
        } else {
            assertThatThrownBy(() -> kv.commit(checks, mutations))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("kv.type_mismatch");
        }
    }

    private KvMutation mutation() {
        Key key = key();
        return switch (program.random().nextInt(6)) {
            case 0, 1 -> new KvMutation.Set(key, KvValue.json(value()), ttl());
            case 2 -> new KvMutation.Delete(key);
            case 3, 4 -> new KvMutation.Combine(key, program.oneOf(List.of(Arithmetic.values())), integer(), ttl());
            default -> new KvMutation.Extend(key, List.of(value(), value()), program.chance(50), ttl());
        };
    }

    private static void assertSame(Key key, Optional<KvEntry> entry, KvModel model) {
        Optional<KvModel.Cell> cell = model.get(key);
        assertThat(entry.map(found -> found.value().toString()))
                .as(key.toString())
                .isEqualTo(cell.map(found -> Json.text(found.value())));
        assertThat(entry.map(KvEntry::versionstamp)).as(key.toString()).isEqualTo(cell.map(KvModel.Cell::stamp));
        assertThat(entry.flatMap(KvEntry::expiresAt).map(at -> at.toEpochMilli()))
                .as(key.toString())
                .isEqualTo(cell.flatMap(KvModel.Cell::expiresAt));
    }

    private Key key() {
        List<Object> parts = new ArrayList<>(List.of(program.oneOf(FIRST)));
        while (parts.size() < 3 && program.chance(60)) {
            parts.add(program.oneOf(MORE));
        }
        return Key.of(parts);
    }

    private KeyPrefix prefix() {
        return program.chance(20) ? KeyPrefix.all() : KeyPrefix.of(key());
    }

    private KvSelection selection() {
        KvSelection selection = program.chance(30) ? KvSelection.below(prefix()) : KvSelection.all();
        selection = program.chance(30) ? selection.from(key()) : selection;
        selection = program.chance(30) ? selection.until(key()) : selection;
        selection = program.chance(50) ? selection.reversed() : selection;
        return program.chance(30) ? selection.where(filter()) : selection;
    }

    private Filter filter() {
        return program.chance(50)
                ? Filter.where("$").gte(program.random().nextInt(100))
                : Filter.where("n").lt(program.random().nextInt(100));
    }

    private JsonNode value() {
        int number = program.random().nextInt(100);
        return switch (program.random().nextInt(5)) {
            case 0 -> Json.parse("\"text " + number + "\"");
            case 1 -> Json.parse("[" + number + "]");
            case 2 -> Json.parse("{\"n\":" + number + "}");
            default -> Json.parse(Integer.toString(number));
        };
    }

    private BigInteger integer() {
        return program.chance(10)
                ? BigInteger.TWO.pow(70).negate()
                : BigInteger.valueOf(program.random().nextInt(-50, 50));
    }

    private Optional<Duration> ttl() {
        return program.chance(20)
                ? Optional.of(Duration.ofMillis(1 + program.random().nextInt(400)))
                : Optional.empty();
    }
}
