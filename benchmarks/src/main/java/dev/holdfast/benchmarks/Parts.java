package dev.holdfast.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** The parts of the benchmarks. */
final class Parts {
    private static final List<Part> REGULAR =
            List.of(writes(), reads(), documents(), postgres(), peers(), http(), start(), streams());
    /** Those that run when they are named: they take long. */
    private static final List<Part> ON_REQUEST = Stream.concat(Stream.of(streamLayouts()), StreamParts.all().stream())
            .toList();

    private Parts() {}

    /** What runs when no part is named, in this order. */
    static List<Part> regular() {
        return REGULAR;
    }

    static Part part(String name) {
        List<Part> all = Stream.concat(REGULAR.stream(), ON_REQUEST.stream()).toList();
        return all.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + name + "; there are "
                        + all.stream().map(Part::name).toList()));
    }

    private static Part writes() {
        return new Part("kv-writes", "SQLite FULL: kv.set of 256 bytes, random keys among a million, a commit each")
                .durably()
                .contestant("store-1024", (folder, scale) -> KvWrites.store(folder, scale, 1_024))
                .contestant("raw-1000", (folder, scale) -> KvWrites.raw(folder, scale, 1_000))
                .contestant("store-1", (folder, scale) -> KvWrites.store(folder, scale, 1))
                .contestant("raw-1", (folder, scale) -> KvWrites.raw(folder, scale, 1))
                .contestant("raw-1-log", KvWrites::rawWithLog)
                .same("store-1024", "raw-1000")
                .same("store-1", "raw-1", "raw-1-log")
                .target(Target.atLeast(0.60, "store-1024", "raw-1000"))
                .target(Target.atLeast(5, "store-1024", "raw-1"))
                .target(Target.atLeast(0.80, "store-1", "raw-1"));
    }

    private static Part reads() {
        return new Part("kv-reads", "SQLite, warm: kv.get and kv.list of 256 bytes among 100,000 entries")
                .contestant("get-1", (folder, scale) -> KvReads.store(folder, scale, 1))
                .contestant("raw-get-1", (folder, scale) -> KvReads.raw(folder, scale, 1))
                .contestant("get-2", (folder, scale) -> KvReads.store(folder, scale, 2))
                .contestant("raw-get-2", (folder, scale) -> KvReads.raw(folder, scale, 2))
                .contestant("list", KvReads::list)
                .contestant("raw-list", KvReads::rawList)
                .same("get-1", "raw-get-1", "get-2", "raw-get-2")
                .same("list", "raw-list")
                .target(Target.atLeast(0.60, "get-1", "raw-get-1"))
                .target(new Target(
                        "gain of 2 threads: (get-2 / get-1) / (raw-get-2 / raw-get-1)",
                        round -> round.ratio("get-2", "get-1") / round.ratio("raw-get-2", "raw-get-1"),
                        0.85,
                        Target.Direction.AT_LEAST))
                .target(Target.atLeast(0.50, "list", "raw-list"));
    }

    private static Part documents() {
        return new Part("documents", "SQLite, warm: collection.find by an indexed field among 100,000 documents")
                .contestant("find-one", (folder, scale) -> DocumentWork.store(folder, scale, "mail"))
                .contestant("raw-one", (folder, scale) -> DocumentWork.raw(folder, scale, "mail"))
                .contestant("find-ten", (folder, scale) -> DocumentWork.store(folder, scale, "group"))
                .contestant("raw-ten", (folder, scale) -> DocumentWork.raw(folder, scale, "group"))
                .same("find-one", "raw-one")
                .same("find-ten", "raw-ten")
                .target(Target.atLeast(1 / 3.0, "find-one", "raw-one"))
                .target(Target.atLeast(1 / 3.0, "find-ten", "raw-ten"));
    }

    private static Part postgres() {
        return new Part("postgres", "PostgreSQL, 16 callers: kv.set of 256 bytes, random keys, a commit each")
                .contestant("store-16", (folder, scale) -> PostgresWork.store(scale))
                .contestant("raw-16", (folder, scale) -> PostgresWork.raw(scale))
                .contestant("raw-16-log", (folder, scale) -> PostgresWork.rawWithLog(scale))
                .same("store-16", "raw-16", "raw-16-log")
                .target(Target.atLeast(0.60, "store-16", "raw-16"))
                .target(Target.atLeast(0.60, "store-16", "raw-16-log"));
    }

    private static Part peers() {
        Part part = new Part(
                        "peers", "64 concurrent callers, the same keys, values of 256 bytes; lists of 20,000 entries")
                .durably();
        for (String work : List.of("ascending", "random", "get", "list")) {
            part.contestant("store-" + work, (folder, scale) -> PeerWork.run(PeerStore::new, work, folder, scale))
                    .contestant("deno-" + work, (folder, scale) -> PeerScript.deno(work, folder, scale))
                    .contestant("node-" + work, (folder, scale) -> PeerScript.node(work, folder, scale))
                    .contestant(
                            "mvstore-" + work, (folder, scale) -> PeerWork.run(PeerMvStore::new, work, folder, scale))
                    .same("store-" + work, "deno-" + work, "node-" + work, "mvstore-" + work);
        }
        return part.target(Target.atLeast(8, "store-ascending", "deno-ascending"))
                .target(Target.atLeast(5, "store-random", "deno-random"))
                .target(Target.atLeast(2, "store-get", "deno-get"))
                .target(Target.atLeast(3, "store-list", "deno-list"));
    }

    private static Part http() {
        return new Part("http", "The server, 64 connections of wrk: an empty handler, KeyVal GET and durable PUT")
                .contestant("empty", HttpWork::empty)
                .contestant("get", HttpWork::get)
                .contestant("put", HttpWork::put)
                .same("empty", "get", "put")
                .target(Target.atLeast(0.45, "get", "empty"))
                .target(Target.atLeast(0.20, "put", "empty"));
    }

    private static Part start() {
        return new Part("start", "bin/holdfast serve on a store that is there: first answer, idle memory after 10 s")
                .contestant("serve", (folder, scale) -> StartWork.serve(folder))
                .target(Target.atMost(0.8, "serve", "start s"))
                .target(Target.atMost(120, "serve", "RssAnon MiB"));
    }

    private static Part streams() {
        Part part = new Part("streams", "SQLite FULL: appends of 256 bytes from 1,024 callers to streams at random")
                .durably()
                .contestant("raw-1000", StreamWrites::raw);
        for (int streams : List.of(1, 100, 10_000, 100_000)) {
            part.contestant("store-" + streams, (folder, scale) -> StreamWrites.store(folder, scale, streams));
        }
        return part.same("raw-1000", "store-1", "store-100", "store-10000", "store-100000")
                .target(Target.atLeast(0.60, "store-1", "raw-1000"))
                .target(Target.atLeast(0.70, "store-100000", "store-1"));
    }

    private static Part streamLayouts() {
        Part part = new Part("stream-layouts", "SQLite FULL: appends of 256 bytes, 1,000 a commit, in plain JDBC")
                .durably()
                .contestant("rebuild", StreamLayouts::rebuild);
        for (int streams : List.of(1, 100, 10_000, 100_000)) {
            part.contestant("log-" + streams, (folder, scale) -> StreamLayouts.log(folder, scale, streams))
                    .contestant("indexed-" + streams, (folder, scale) -> StreamLayouts.indexed(folder, scale, streams))
                    .contestant("keyed-" + streams, (folder, scale) -> StreamLayouts.keyed(folder, scale, streams))
                    .same("log-" + streams, "indexed-" + streams, "keyed-" + streams);
        }
        return part;
    }
}
