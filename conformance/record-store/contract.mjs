// What every store of Kyneta promises, with the numbers of that contract, and what ours promises beyond it.
import { assert, equal } from "../keyval/harness.mjs";

export const META = {
  replicaType: ["plain", 1, 0],
  syncMode: { writerModel: "serialized", delivery: "delta-capable", durability: "persistent" },
  schemaHash: "00test",
};
export const COLLABORATIVE = { ...META.syncMode, writerModel: "concurrent" };
export const meta = (changes) => ({ kind: "meta", meta: { ...META, ...changes } });
export const entry = (kind, version) => ({
  kind: "entry",
  payload: { kind, encoding: "json", data: JSON.stringify({ v: version }) },
  version,
});
export const bytesEntry = (kind, version, ...bytes) => ({
  kind: "entry",
  payload: { kind, encoding: "binary", data: Uint8Array.from(bytes) },
  version,
});

export async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The error that a call ends with. */
export async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("a call returned that must be refused");
}

export async function refusedWith(code, call) {
  const error = await refusal(call);
  equal(error.code, code, error.message);
  return error;
}

/** Deeply equal, and bytes are plain bytes. */
function sameRecords(found, expected) {
  equal(found.length, expected.length, "records");
  found.forEach((record, i) => {
    const data = expected[i].payload?.data;
    if (data instanceof Uint8Array) {
      equal(record.payload.data.constructor, Uint8Array, `the bytes of record ${i}`);
      equal(Buffer.compare(record.payload.data, data), 0, `the bytes of record ${i}`);
      equal({ ...record, payload: { ...record.payload, data: 0 } }, {
        ...expected[i],
        payload: { ...expected[i].payload, data: 0 },
      });
    } else {
      equal(record, expected[i], `record ${i}`);
    }
  });
}

async function filled(open, ...records) {
  const store = await open();
  await store.appendAll("doc-1", records);
  return store;
}

export const checks = [
  ["1 an unknown document has no metadata", async ({ open }) => {
    equal(await (await open()).currentMeta("nonexistent"), null);
  }],
  ["2 an entry needs metadata before it", async ({ open }) => {
    const store = await open();
    const error = await refusedWith("meta-required", () => store.append("doc-1", entry("entirety", "1")));
    equal([error.operation, error.docId, error.status, error.uncertain], ["append", "doc-1", 409, false]);
    assert(error.message.startsWith('append of "doc-1": '), error.message);
  }],
  ["3 metadata makes a document", async ({ open }) => {
    const store = await open();
    await store.append("doc-1", meta());
    equal(await store.currentMeta("doc-1"), META);
    equal(await all(store.listDocIds()), ["doc-1"]);
  }],
  ["4 the last hash is current", async ({ open }) => {
    const store = await filled(open, meta());
    await store.append("doc-1", meta({ schemaHash: "00updated" }));
    equal(await store.currentMeta("doc-1"), { ...META, schemaHash: "00updated" });
  }],
  ["5 another type of replica is refused", async ({ open }) => {
    const store = await filled(open, meta());
    const error = await refusedWith("replica-type-mismatch", () =>
      store.append("doc-1", meta({ replicaType: ["loro", 1, 0] })));
    assert(/replicaType/.test(error.message), error.message);
  }],
  ["6 another way to synchronize is refused", async ({ open }) => {
    const store = await filled(open, meta());
    const error = await refusedWith("sync-mode-mismatch", () =>
      store.append("doc-1", meta({ syncMode: COLLABORATIVE })));
    assert(/syncMode/.test(error.message), error.message);
  }],
  ["7 a log comes back in its order", async ({ open }) => {
    const log = [meta(), entry("entirety", "1"), entry("since", "2"), entry("since", "3")];
    const store = await open();
    for (const record of log) await store.append("doc-1", record);
    sameRecords(await all(store.loadAll("doc-1")), log);
  }],
  ["8 an unknown document has an empty log", async ({ open }) => {
    equal(await all((await open()).loadAll("nonexistent")), []);
  }],
  ["9 a log is replaced", async ({ open }) => {
    const store = await filled(open, meta(), entry("since", "1"), entry("since", "2"), entry("since", "3"));
    equal((await all(store.loadAll("doc-1"))).length, 4);
    const replacement = [meta(), entry("entirety", "4")];
    await store.replace("doc-1", replacement);
    sameRecords(await all(store.loadAll("doc-1")), replacement);
  }],
  ["10 a replacement needs metadata", async ({ open }) => {
    const store = await filled(open, meta());
    await refusedWith("meta-missing", () => store.replace("doc-1", [entry("entirety", "1")]));
    await refusedWith("meta-missing", () => store.replace("doc-1", []));
    await refusedWith("empty-batch", () => store.appendAll("doc-1", []));
  }],
  ["11 the last metadata of a replacement is current", async ({ open }) => {
    const store = await filled(open, meta());
    await store.replace("doc-1", [meta({ schemaHash: "a" }), entry("entirety", "1"), meta({ schemaHash: "b" })]);
    equal((await store.currentMeta("doc-1")).schemaHash, "b");
  }],
  ["12 a document is deleted", async ({ open }) => {
    const store = await filled(open, meta(), entry("entirety", "1"), entry("since", "2"));
    await store.delete("doc-1");
    await store.delete("doc-1");
    equal(await store.currentMeta("doc-1"), null);
    equal(await all(store.loadAll("doc-1")), []);
    equal(await all(store.listDocIds()), []);
  }],
  ["13 ids are listed by their beginning", async ({ open }) => {
    const store = await open();
    for (const id of ["users/bob", "users/alice", "posts/first"]) await store.append(id, meta());
    equal(await all(store.listDocIds("users/")), ["users/alice", "users/bob"]);
    equal(await all(store.listDocIds("posts/")), ["posts/first"]);
    equal(await all(store.listDocIds()), ["posts/first", "users/alice", "users/bob"]);
  }],
  ["14 an append stands behind a replacement", async ({ open }) => {
    const store = await filled(open, meta(), entry("since", "1"), entry("since", "2"));
    await store.replace("doc-1", [meta(), entry("entirety", "3")]);
    await store.append("doc-1", entry("since", "4"));
    sameRecords(await all(store.loadAll("doc-1")), [meta(), entry("entirety", "3"), entry("since", "4")]);
  }],
  ["15 ids that begin alike are apart", async ({ open }) => {
    const store = await open();
    for (const id of ["doc", "doc-extra", "doc2"]) await store.appendAll(id, [meta(), entry("entirety", id)]);
    for (const id of ["doc", "doc-extra"]) {
      sameRecords(await all(store.loadAll(id)), [meta(), entry("entirety", id)]);
    }
  }],
  ["16 bytes come back as plain bytes", async ({ open }) => {
    const log = [meta(), bytesEntry("entirety", "bin-1", 0, 1, 2, 255, 254, 253)];
    sameRecords(await all((await filled(open, ...log)).loadAll("doc-1")), log);
  }],
  ["17 text and bytes side by side", async ({ open }) => {
    const log = [meta(), entry("entirety", "v1"), bytesEntry("since", "v2", 10, 20, 30)];
    sameRecords(await all((await filled(open, ...log)).loadAll("doc-1")), log);
  }],
  ["18 metadata and an entry", async ({ open }) => {
    const store = await open();
    await store.append("doc-1", meta());
    await store.append("doc-1", entry("entirety", "1"));
    equal(await store.currentMeta("doc-1"), META);
    sameRecords(await all(store.loadAll("doc-1")), [meta(), entry("entirety", "1")]);
  }],
  ["20 two stores are apart", async ({ open }) => {
    const one = await filled(open, meta(), entry("entirety", "one"));
    const two = await filled(open, meta(), entry("entirety", "two"));
    equal((await all(one.loadAll("doc-1")))[1].version, "one");
    equal((await all(two.loadAll("doc-1")))[1].version, "two");
    equal(await all(one.listDocIds()), ["doc-1"]);
  }],
  ["every kind of data is exact", async ({ open }) => {
    const contents = ["", "a\u0000b", "\ufeffwith a mark", "\u{1f600} \u00e9 \uffff \u2028", "x".repeat(1 << 20)]
      .concat([new Uint8Array(0), Uint8Array.of(0), Buffer.from("buffer"), new Uint8Array(1 << 20).fill(7)]);
    const log = [meta({ more: { of: [1, "\ufeff"] } })];
    for (const data of contents) {
      for (const encoding of ["json", "binary"]) {
        for (const lineage of [{}, { lineage: "" }, { lineage: "\ufeff\u0000" }]) {
          log.push({ kind: "entry", payload: { kind: "since", encoding, data, ...lineage }, version: "\ufeffv\u0000" });
        }
      }
    }
    log.push({ kind: "entry", payload: { kind: "entirety", encoding: "json", data: "" }, version: "" });
    sameRecords(await all((await filled(open, ...log)).loadAll("doc-1")), log);
  }],
  ["all or none of a batch", async ({ open }) => {
    const store = await filled(open, meta());
    await refusal(() => store.appendAll("doc-1", [entry("since", "1"), meta({ replicaType: ["plain", 2, 0] })]));
    equal((await all(store.loadAll("doc-1"))).length, 1);
  }],
  ["any text may be an id", async ({ open }) => {
    const ids = ["", "#", "%", "%2f", "+", ".", "..", "A", "Users/Bob", "\\", "a b", "a/./b", "a?b=c&d", "a_", "users/",
      "x".repeat(1024), "\u00e9", "\ud7ff", "\ue000", "\u{1f600}"];
    const store = await open();
    for (const id of [...ids].reverse()) await store.append(id, meta());
    equal(await all(store.listDocIds()), ids);
    for (const id of ids) {
      equal(await store.currentMeta(id), META, id);
      equal(await all(store.listDocIds(id)), ids.filter((other) => other.startsWith(id)), `prefix ${id}`);
      await store.delete(id);
    }
    equal(await all(store.listDocIds()), []);
  }],
  ["what no store holds is refused", async ({ open }) => {
    const store = await filled(open, meta());
    for (const id of ["\ud800", "x\udc00y", "a\u0000", "x".repeat(1025), 7]) {
      await refusedWith("invalid-doc-id", () => store.append(id, meta()));
      await refusedWith("invalid-doc-id", () => store.currentMeta(id));
      await refusedWith("invalid-doc-id", () => all(store.loadAll(id)));
      await refusedWith("invalid-doc-id", () => all(store.listDocIds(id)));
    }
    const { payload } = entry("since", "1");
    for (const record of [
      undefined,
      { kind: "meta" },
      { kind: "other" },
      { kind: "entry", version: "1" },
      { kind: "entry", payload },
      { kind: "entry", payload, version: "\ud800" },
      { kind: "entry", payload: { ...payload, data: "\udc00" }, version: "1" },
      { kind: "entry", payload: { ...payload, data: [1, 2] }, version: "1" },
      { kind: "entry", payload: { ...payload, kind: "toString" }, version: "1" },
      { kind: "entry", payload: { ...payload, encoding: "text" }, version: "1" },
      { kind: "entry", payload: { ...payload, lineage: null }, version: "1" },
      meta({ schemaHash: "\ud800" }),
      meta({ schemaHash: "x".repeat(257) }),
    ]) {
      await refusedWith("malformed-record", () => store.append("doc-1", record));
    }
    equal((await all(store.loadAll("doc-1"))).length, 1);
  }],
];
