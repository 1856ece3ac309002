// What the class does when answers are late, cut or foreign, and in which order it asks.
import { assert, equal } from "../keyval/harness.mjs";
import { HoldfastRecordStore, RecordStoreError } from "../../clients/javascript/record-store.js";
import { all, entry, meta, META, refusal, refusedWith } from "./contract.mjs";

const QUICK = { readAttempts: 3, retryMillis: 1 };

/** A store whose requests are answered here; `asked` has their methods and paths. */
function scripted(answer, options = {}) {
  const asked = [];
  const store = new HoldfastRecordStore("http://nowhere.invalid/below/", {
    ...QUICK,
    ...options,
    fetch: async (url, request) => {
      asked.push(`${request.method} ${url.replace("http://nowhere.invalid/below", "")}`);
      return answer(asked.length, url, request);
    },
  });
  return { store, asked };
}

const frames = (bytes) =>
  new Response(Uint8Array.from(bytes), { headers: { "content-type": "application/x-record-frames" } });
const lines = (text) => new Response(text, { headers: { "content-type": "application/x-ndjson" } });
const problem = (status, body) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
const json = (text) => new Response(text, { headers: { "content-type": "application/json" } });
const lost = () => {
  throw new TypeError("fetch failed", { cause: new Error("connection refused") });
};

// The record of the specification: entry, since, json, version "1", text "hi"; then the marker.
const RECORD = [0, 0, 0, 8, 1, 0, 0, 0, 1, 0x31, 0x68, 0x69];
const MARKER = [0, 0, 0, 0, 0, 0, 0, 1];

export const checks = [
  ["a log that is cut anywhere is no log", async () => {
    const whole = [...RECORD, ...MARKER];
    equal(await all(scripted(() => frames(whole)).store.loadAll("d")), [
      { kind: "entry", payload: { kind: "since", encoding: "json", data: "hi" }, version: "1" },
    ]);
    for (let length = 0; length < whole.length; length++) {
      const { store } = scripted(() => frames(whole.slice(0, length)));
      await refusedWith("incomplete-batch", () => all(store.loadAll("d")));
    }
    for (const wrong of [[...whole, 0], [...RECORD, 0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0, 0, 1]]) {
      await refusedWith("incomplete-batch", () => all(scripted(() => frames(wrong)).store.loadAll("d")));
    }
  }],
  ["a record that is none is not passed on", async () => {
    const wrong = [[0x20], [0x80], [0x09], [0x08], [0x08, 0x7b], [1, 0, 0, 0, 9], [1, 0, 0, 0, 1, 0xff], [1, 0, 0]];
    for (const envelope of wrong) {
      const { store, asked } = scripted(() => frames([0, 0, 0, envelope.length, ...envelope, ...MARKER]));
      await refusedWith("bad-answer", () => all(store.loadAll("d")));
      equal(asked.length, 1);
    }
  }],
  ["a listing that is cut is no listing", async () => {
    const whole = '{"docId":"a"}\n{"docId":"\u00e9"}\n{"kind":"end","count":2}\n';
    const bytes = new TextEncoder().encode(whole);
    equal(await all(scripted(() => lines(bytes)).store.listDocIds()), ["a", "\u00e9"]);
    for (let length = 0; length < bytes.length - 1; length++) {
      const error = await refusal(() => all(scripted(() => lines(bytes.slice(0, length))).store.listDocIds()));
      assert(error instanceof RecordStoreError, `cut at ${length}: ${error}`);
    }
    for (const wrong of ['{"kind":"end","count":1}', '{"kind":"end","count":0}\n{"docId":"a"}']) {
      await refusedWith("incomplete-batch", () => all(scripted(() => lines(wrong)).store.listDocIds()));
    }
    const failed = lines('{"docId":"a"}\n{"kind":"error","code":"corrupt-record","message":"no"}\n');
    await refusedWith("corrupt-record", () => all(scripted(() => failed).store.listDocIds()));
  }],
  ["reads are tried again, writes never", async () => {
    const answer = (n) => (n < 3 ? lost() : json('{"docId":"d","meta":null}'));
    const reading = scripted(answer);
    equal(await reading.store.currentMeta("d"), null);
    equal(reading.asked, Array(3).fill("GET /v1/record-stores/kyneta/meta?doc=d"));

    const busy = () => problem(503, { code: "unavailable", detail: "busy" });
    const listing = scripted((n) => (n < 3 ? busy() : lines('{"kind":"end","count":0}')));
    equal(await all(listing.store.listDocIds("p q")), []);
    equal(listing.asked.at(-1), "GET /v1/record-stores/kyneta/docs?prefix=p%20q");

    const ever = scripted(lost);
    const error = await refusedWith("unavailable", () => all(ever.store.loadAll("d")));
    assert(error.message.includes("connection refused") && error.cause instanceof TypeError, error.message);
    equal(ever.asked.length, 3);

    for (const write of [(s) => s.append("d", meta()), (s) => s.replace("d", [meta()]), (s) => s.delete("d")]) {
      const { store, asked } = scripted(lost);
      equal((await refusedWith("unavailable", () => write(store))).uncertain, true);
      equal(asked.length, 1);
    }
  }],
  ["a log is not tried again once it has begun", async () => {
    const { store, asked } = scripted(() => frames(RECORD));
    await refusedWith("incomplete-batch", () => all(store.loadAll("d")));
    equal(asked.length, 1);
  }],
  ["whatever else answers at the address is no store", async () => {
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    const gone = () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } });
    for (const answer of [page, gone]) {
      const { store } = scripted(answer);
      await refusedWith("bad-answer", () => store.currentMeta("d"));
      await refusedWith("bad-answer", () => all(store.loadAll("d")));
      await refusedWith("bad-answer", () => all(store.listDocIds()));
      equal((await refusedWith("bad-answer", () => store.append("d", meta()))).uncertain, true);
    }
    const other = scripted(() => json('{"docId":"e","meta":null}'));
    await refusedWith("bad-answer", () => other.store.currentMeta("d"));
    const unknown = scripted(() => problem(500, { code: "internal", detail: "no" }));
    equal((await refusedWith("internal", () => unknown.store.delete("d"))).uncertain, true);
  }],
  ["a server that says nothing is not waited for without end", async () => {
    const silent = (n, url, { signal }) =>
      new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { store } = scripted(silent, { timeoutMillis: 20 });
    const error = await refusedWith("unavailable", () => store.append("d", meta()));
    assert(error.message.includes("20 ms") && error.uncertain, error.message);
    await refusedWith("unavailable", () => store.currentMeta("d"));
    await refusedWith("unavailable", () => all(store.loadAll("d")));
  }],
  ["writes to one document wait for each other", async () => {
    const open = [];
    const answered = () => new Response(null, { status: 204 });
    const { store, asked } = scripted(() => new Promise((resolve) => open.push(() => resolve(answered()))));
    const seen = () => asked.map((line) => line.replace("/v1/record-stores/kyneta/records?doc=", ""));
    const done = [store.append("a", meta()), store.append("b", meta()), store.delete("a"), store.append("a", meta())];
    await new Promise(setImmediate);
    equal(seen(), ["POST a", "POST b"]);
    const closing = store.close();
    while (open.length > 0) {
      open.shift()();
      await new Promise(setImmediate);
    }
    await Promise.all([...done, closing]);
    equal(seen(), ["POST a", "POST b", "DELETE a", "POST a"]);
  }],
  ["a write that fails keeps the next one from nothing", async ({ open }) => {
    const store = await open();
    const results = await Promise.allSettled([
      store.append("d", entry("since", "too early")),
      store.append("d", meta()),
      store.append("d", entry("since", "1")),
    ]);
    equal(results.map((result) => result.status), ["rejected", "fulfilled", "fulfilled"]);
    equal((await all(store.loadAll("d"))).length, 2);
  }],
  ["many writes of many documents at once keep their order", async ({ open }) => {
    const store = await open();
    const writes = [];
    for (let i = 0; i < 20; i++) {
      for (const id of ["a", "b", "c"]) writes.push(store.append(id, i === 0 ? meta() : entry("since", `${i}`)));
    }
    await Promise.all(writes);
    for (const id of ["a", "b", "c"]) {
      const versions = (await all(store.loadAll(id))).slice(1).map((record) => record.version);
      equal(versions, Array.from({ length: 19 }, (_, i) => `${i + 1}`));
    }
  }],
  ["a long log comes as it is read, and may be left", async ({ open }) => {
    const store = await open();
    const data = new Uint8Array(1 << 20).fill(3);
    const large = { kind: "entry", payload: { kind: "since", encoding: "binary", data }, version: "1" };
    await store.appendAll("d", [meta(), ...Array(24).fill(large)]);
    let bytes = 0;
    for await (const record of store.loadAll("d")) bytes += record.payload?.data.length ?? 0;
    equal(bytes, 24 << 20);
    for (let i = 0; i < 20; i++) {
      for await (const record of store.loadAll("d")) {
        equal(record, meta());
        break;
      }
    }
    await store.replace("d", [meta()]);
    equal((await all(store.loadAll("d"))).length, 1);
  }],
  ["a closed store refuses", async ({ open }) => {
    const store = await open();
    await store.appendAll("d", [meta(), entry("entirety", "1")]);
    const left = store.loadAll("d");
    equal((await left.next()).value, meta());
    await store.close();
    await store.close();
    await refusedWith("closed", () => left.next());
    await refusedWith("closed", () => store.append("d", meta()));
    await refusedWith("closed", () => store.appendAll("d", [meta()]));
    await refusedWith("closed", () => store.replace("d", [meta()]));
    await refusedWith("closed", () => store.delete("d"));
    await refusedWith("closed", () => store.currentMeta("d"));
    await refusedWith("closed", () => all(store.loadAll("d")));
    await refusedWith("closed", () => all(store.listDocIds()));
  }],
  ["where a store is and who asks for it", async ({ base, open, newName }) => {
    const { store, asked } = scripted((n, url, request) => {
      equal(request.headers.authorization, "Bearer secret");
      return new Response(null, { status: 204 });
    }, { store: "notes", namespace: "a/b", token: "secret" });
    await store.delete("a/b c+d");
    equal(asked, ["DELETE /ns/a%2Fb/v1/record-stores/notes/records?doc=a%2Fb%20c%2Bd"]);

    const name = newName();
    await refusedWith("store-not-found", () => new HoldfastRecordStore(base, { store: name }).currentMeta("d"));
    const opened = await HoldfastRecordStore.open(`${base}/`, { store: name });
    await opened.append("d", meta());
    equal(await (await open({ store: name })).currentMeta("d"), META);
    equal((await refusedWith("invalid-store-name", () => open({ store: "Notes" }))).operation, "open");
  }],
];
