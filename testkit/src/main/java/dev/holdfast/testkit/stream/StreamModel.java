package dev.holdfast.testkit.stream;

import dev.holdfast.stream.ProducerStamp;
import dev.holdfast.stream.StreamAppend;
import dev.holdfast.stream.StreamFork;
import dev.holdfast.stream.StreamSpec;
import dev.holdfast.testkit.stream.StreamBody.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What streams are meant to be, in the plainest way: lists of units, and a clock. Calls answer with a text. */
final class StreamModel {
    private final LongSupplier now;
    private final Map<Integer, Log> logs = new HashMap<>();
    private final TreeMap<String, Integer> names = new TreeMap<>();
    private int count;

    /** An empty model on a clock. */
    StreamModel(LongSupplier now) {
        this.now = now;
    }

    /** One stream. */
    static final class Log {
        final StreamSpec how;
        final String contentType;
        final OptionalLong ttl;
        final Optional<String> expiresAt;
        final List<Unit> units = new ArrayList<>();
        final Map<String, ProducerStamp> producers = new HashMap<>();
        final int source;
        final long forkAt;

        @Nullable
        String sequence;

        @Nullable
        ProducerStamp closedBy;

        boolean closed;
        boolean deleted;
        int forks;
        int rows;
        long used;

        Log(StreamSpec how, String contentType, OptionalLong ttl, Optional<String> expiresAt, int source, long forkAt) {
            this.how = how;
            this.contentType = contentType;
            this.ttl = ttl;
            this.expiresAt = expiresAt;
            this.source = source;
            this.forkAt = forkAt;
            this.closed = how.closed();
        }

        Log copy() {
            Log copy = new Log(how, contentType, ttl, expiresAt, source, forkAt);
            copy.units.addAll(units);
            copy.producers.putAll(producers);
            copy.sequence = sequence;
            copy.closedBy = closedBy;
            copy.closed = closed;
            copy.deleted = deleted;
            copy.forks = forks;
            copy.rows = rows;
            copy.used = used;
            return copy;
        }

        boolean json() {
            return contentType.equals(StreamSpec.JSON);
        }

        long tail() {
            return units.size();
        }

        /** The content from one offset to another, as it is read. */
        String text(long from, long until) {
            return units.subList((int) from, (int) until).stream()
                    .map(Unit::shown)
                    .collect(Collectors.joining(json() ? "," : "", json() ? "[" : "", json() ? "]" : ""));
        }

        /** Whether an append ends at an offset, or the part of it that a fork holds. */
        boolean isEnd(long offset) {
            return offset == tail()
                    || (offset > 0 && units.get((int) offset - 1).end() == offset);
        }

        /** Where the last append before the end of a chunk begins, or the chunk itself. */
        long lastAppend(long start, long next) {
            long end = units.get((int) next - 1).end();
            long at = next;
            while (at > start && units.get((int) at - 1).end() == end) {
                at--;
            }
            return at;
        }

        /** Bytes of the units from one offset to another. */
        long bytes(long from, long until) {
            return units.subList((int) from, (int) until).stream()
                    .mapToLong(unit -> unit.shown().length())
                    .sum();
        }

        /** Milliseconds from now until it may end and until it must have; none when it does not end. */
        Optional<long[]> ends(long at) {
            if (ttl.isPresent()) {
                return Optional.of(
                        new long[] {used + ttl.getAsLong() * 1_000 - at, used + ttl.getAsLong() * 1_100 - at});
            }
            return expiresAt.map(text -> {
                long left = Instant.parse(text).toEpochMilli() - at;
                return new long[] {left, left};
            });
        }
    }

    StreamModel copy() {
        StreamModel copy = new StreamModel(now);
        copy.become(this);
        return copy;
    }

    /** Becomes what another model is. */
    void become(StreamModel other) {
        logs.clear();
        other.logs.forEach((id, log) -> logs.put(id, log.copy()));
        names.clear();
        names.putAll(other.names);
        count = other.count;
    }

    /** The names of all living streams, in order. */
    List<String> living() {
        return names.keySet().stream().filter(name -> find(name).isPresent()).toList();
    }

    /** A living stream. */
    Optional<Log> find(String name) {
        return Optional.ofNullable(logs.get(names.getOrDefault(name, 0))).filter(log -> !log.deleted);
    }

    /** How many rows a table holds when everything was swept, and no append was put together with others. */
    long rows(String table) {
        return switch (table) {
            case "streams" -> logs.size();
            case "stream_data" ->
                logs.values().stream().mapToLong(log -> log.rows).sum();
            case "stream_producers" ->
                logs.values().stream().mapToLong(log -> log.producers.size()).sum();
            default -> throw new IllegalArgumentException(table);
        };
    }

    /** So much later, or a little more, it is clear of every stream whether it has ended. */
    long clearAfter(long millis) {
        long by = millis;
        boolean clear;
        do {
            clear = true;
            for (Log log : logs.values()) {
                Optional<long[]> ends = log.ends(now.getAsLong());
                if (!log.deleted && ends.isPresent() && ends.get()[0] <= by && by < ends.get()[1]) {
                    by = ends.get()[1];
                    clear = false;
                }
            }
        } while (!clear);
        return by;
    }

    /** Streams whose time has passed are gone. */
    void settle() {
        for (String name : living()) {
            // It may have gone with another one.
            Optional<Log> log = find(name);
            if (log.isPresent()
                    && log.get().ends(now.getAsLong()).map(ends -> ends[1] <= 0).orElse(false)) {
                remove(id(name));
            }
        }
    }

    /** Somebody reads the stream. */
    void touch(String name) {
        find(name).ifPresent(log -> log.used = now.getAsLong());
    }

    String head(String name) {
        return refusal(name).orElseGet(() -> shown(find(name).orElseThrow()));
    }

    String delete(String name) {
        Optional<String> refusal = refusal(name);
        if (refusal.isEmpty()) {
            remove(id(name));
        }
        return refusal.orElse("done");
    }

    String create(String name, StreamSpec spec, StreamBody body) {
        @Nullable Log have = logs.get(names.getOrDefault(name, 0));
        if (have != null) {
            return !have.deleted && isSame(have, spec) ? "confirmed " + shown(have) : "stream.occupied";
        }
        Log made;
        if (spec.fork().isPresent()) {
            StreamFork fork = spec.fork().get();
            @Nullable Log source = logs.get(names.getOrDefault(fork.source(), 0));
            if (source == null) {
                return "stream.no_source";
            }
            if (source.deleted || !spec.contentType().orElse(source.contentType).equals(source.contentType)) {
                return "stream.source";
            }
            long at = fork.offset().orElse(source.tail());
            if (at > source.tail() || fork.sub() > endOfAppend(source, at) - at) {
                return "stream.fork";
            }
            made = fork(spec, source, at + fork.sub());
        } else {
            made = new Log(
                    spec, spec.contentType().orElse(StreamSpec.OCTETS), spec.ttlSeconds(), spec.expiresAt(), 0, 0);
        }
        if (made.json() && !body.isEmpty() && !body.valid()) {
            return "json.malformed";
        }
        add(made, body);
        made.used = now.getAsLong();
        if (made.source != 0) {
            log(made.source).forks++;
        }
        logs.put(++count, made);
        names.put(name, count);
        return "made " + shown(made);
    }

    private Log fork(StreamSpec spec, Log source, long at) {
        boolean own = spec.ttlSeconds().isPresent() || spec.expiresAt().isPresent();
        int id = id(spec.fork().orElseThrow().source());
        Log made = new Log(
                spec,
                source.contentType,
                own ? spec.ttlSeconds() : source.ttl,
                own ? spec.expiresAt() : source.expiresAt,
                id,
                at);
        source.units.subList(0, (int) at).forEach(unit -> made.units.add(unit.upTo(at)));
        return made;
    }

    private static long endOfAppend(Log log, long at) {
        return at == log.tail() ? at : log.units.get((int) at).end();
    }

    private boolean isSame(Log have, StreamSpec spec) {
        boolean fork = spec.fork().isPresent();
        if (fork != have.how.fork().isPresent()) {
            return false;
        }
        boolean own = spec.ttlSeconds().isPresent() || spec.expiresAt().isPresent();
        @Nullable Log source = logs.get(have.source);
        OptionalLong ttl = own || source == null ? spec.ttlSeconds() : source.ttl;
        Optional<String> expiresAt = own || source == null ? spec.expiresAt() : source.expiresAt;
        String contentType = spec.contentType().orElse(fork ? have.contentType : StreamSpec.OCTETS);
        return contentType.equals(have.contentType)
                && ttl.equals(have.ttl)
                && expiresAt.equals(have.expiresAt)
                && spec.closed() == have.closed
                && (!fork || isSameFork(have, spec.fork().get()));
    }

    private static boolean isSameFork(Log have, StreamFork fork) {
        StreamFork was = have.how.fork().orElseThrow();
        long offset = have.forkAt - was.sub();
        return fork.source().equals(was.source())
                && fork.sub() == was.sub()
                && fork.offset().orElse(offset) == offset;
    }

    String append(String name, StreamAppend append, StreamBody body) {
        Optional<String> refusal = refusal(name);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Log log = find(name).orElseThrow();
        @Nullable ProducerStamp by = append.producer().orElse(null);
        if (log.closed) {
            boolean again = by == null ? append.close() && body.isEmpty() : by.equals(log.closedBy);
            return again ? "repeat of " + by + " " + shown(log) : "stream.closed tail=" + log.tail();
        }
        if (!body.isEmpty() && !append.contentType().orElse(log.contentType).equals(log.contentType)) {
            return "stream.other_content_type";
        }
        if (by != null) {
            @Nullable ProducerStamp last = log.producers.get(by.id());
            String verdict = StreamModelProducers.verdict(last, by);
            if (!verdict.equals("next")) {
                return verdict.equals("repeat") ? "repeat of " + last + " " + shown(log) : verdict;
            }
        }
        String sequence = append.sequence().orElse(null);
        if (sequence != null && log.sequence != null && sequence.compareTo(log.sequence) <= 0) {
            return "stream.sequence_order";
        }
        if (log.json() && !body.isEmpty() && body.messages().isEmpty()) {
            return body.valid() ? "stream.empty" : "json.malformed";
        }
        add(log, body);
        log.sequence = sequence == null ? log.sequence : sequence;
        log.used = now.getAsLong();
        if (by != null) {
            log.producers.put(by.id(), by);
        }
        if (append.close()) {
            log.closed = true;
            log.closedBy = by;
        }
        return "appended by " + by + " " + shown(log);
    }

    private static void add(Log log, StreamBody body) {
        List<Unit> units = body.units(log.json(), log.tail());
        log.units.addAll(units);
        log.rows += units.isEmpty() ? 0 : 1;
    }

    /** Why nothing can be done with a stream, if it is so. */
    Optional<String> refusal(String name) {
        @Nullable Log log = logs.get(names.getOrDefault(name, 0));
        return log == null
                ? Optional.of("stream.not_found")
                : log.deleted ? Optional.of("stream.deleted") : Optional.empty();
    }

    private void remove(int id) {
        Log log = log(id);
        if (log.forks > 0) {
            log.deleted = true;
            return;
        }
        logs.remove(id);
        names.values().remove(id);
        @Nullable Log source = logs.get(log.source);
        if (source != null && --source.forks == 0 && source.deleted) {
            remove(log.source);
        }
    }

    private int id(String name) {
        return Objects.requireNonNull(names.get(name));
    }

    private Log log(int id) {
        return Objects.requireNonNull(logs.get(id));
    }

    private static String shown(Log log) {
        return log.contentType + " tail=" + log.tail() + " closed=" + log.closed + " ttl=" + log.ttl + " expires="
                + log.expiresAt;
    }
}
