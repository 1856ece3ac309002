package dev.holdfast.benchmarks;

import java.util.List;

/** All parts, in the order in which they run. */
final class Parts {
    private static final List<Part> ALL = List.of(writes(), reads());

    private Parts() {}

    static List<Part> all() {
        return ALL;
    }

    static Part part(String name) {
        return ALL.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + name + "; there are "
                        + ALL.stream().map(Part::name).toList()));
    }

    private static Part writes() {
        return new Part("kv-writes", "SQLite FULL: kv.set of 256 bytes, random keys among a million, a commit each")
                .durably()
                .contestant("store-1024", (folder, scale) -> KvWrites.store(folder, scale, 1_024))
                .contestant("raw-1000", (folder, scale) -> KvWrites.raw(folder, scale, 1_000))
                .contestant("store-1", (folder, scale) -> KvWrites.store(folder, scale, 1))
                .contestant("raw-1", (folder, scale) -> KvWrites.raw(folder, scale, 1))
                .same("store-1024", "raw-1000")
                .same("store-1", "raw-1")
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
}
