// Checks written against the documented Deno KV API. The same list runs with both clients.
//
// ctx: { kv, client: "deno" | "node", mode: "remote" | "local", strict, key(...parts), skip(why) }
// key() builds a key in a keyspace that belongs to this run, client and check alone.
// Checks named "strict: ..." ask for more than the public server gives; see docs/reference/kv-connect.md.

import { assert, equal, rejects, same, sleep, withTimeout } from "./harness.mjs";

const STAMP = /^[0-9a-f]{20}$/;
const MAX = 2n ** 64n - 1n;
const enc = new TextEncoder();

async function all(iter) {
  const out = [];
  for await (const e of iter) out.push(e);
  return out;
}
const tails = (entries, n) => entries.map((e) => e.key.slice(n));
const values = (entries) => entries.map((e) => e.value);
const u64 = (v) => {
  assert(v !== null && typeof v === "object" && typeof v.value === "bigint", "expected a 64-bit counter value");
  return v.value;
};
async function fill(ctx, names) {
  const op = ctx.kv.atomic();
  for (const n of names) op.set(ctx.key(...(Array.isArray(n) ? n : [n])), n);
  const r = await op.commit();
  assert(r.ok, "fill");
}
const needStrict = (ctx) => ctx.strict || ctx.skip("not run against the public implementation");

export const checks = [
  // ---- single keys -------------------------------------------------------------------------
  ["get: a missing key gives null value and null versionstamp", async (ctx) => {
    const e = await ctx.kv.get(ctx.key("nope"));
    equal(e.key, ctx.key("nope"), "key");
    equal([e.value, e.versionstamp], [null, null]);
  }],
  ["set: returns ok and a 20-digit hex versionstamp that get repeats", async (ctx) => {
    const r = await ctx.kv.set(ctx.key("a"), "v");
    assert(r.ok === true && STAMP.test(r.versionstamp), "result " + JSON.stringify(r));
    const e = await ctx.kv.get(ctx.key("a"));
    equal([e.value, e.versionstamp], ["v", r.versionstamp]);
  }],
  ["set: overwriting raises the versionstamp", async (ctx) => {
    const a = await ctx.kv.set(ctx.key("a"), 1);
    const b = await ctx.kv.set(ctx.key("a"), 1);
    assert(b.versionstamp > a.versionstamp, `${b.versionstamp} should sort after ${a.versionstamp}`);
  }],
  ["set: later writes to other keys get higher versionstamps", async (ctx) => {
    let last = "";
    for (let i = 0; i < 5; i++) {
      const r = await ctx.kv.set(ctx.key(i), i);
      assert(r.versionstamp > last, "not increasing");
      last = r.versionstamp;
    }
  }],
  ["delete: removes the key and only that key", async (ctx) => {
    await fill(ctx, ["a", ["a", "child"], "b"]);
    await ctx.kv.delete(ctx.key("a"));
    equal((await ctx.kv.get(ctx.key("a"))).versionstamp, null, "deleted key");
    assert((await ctx.kv.get(ctx.key("a", "child"))).versionstamp, "child must stay");
    assert((await ctx.kv.get(ctx.key("b"))).versionstamp, "sibling must stay");
  }],
  ["delete: a missing key is no error", async (ctx) => {
    await ctx.kv.delete(ctx.key("never"));
  }],
  ["get: eventual consistency is accepted", async (ctx) => {
    await ctx.kv.set(ctx.key("a"), 5);
    equal((await ctx.kv.get(ctx.key("a"), { consistency: "eventual" })).value, 5);
  }],

  // ---- getMany -----------------------------------------------------------------------------
  ["getMany: keeps order, repeats and gaps", async (ctx) => {
    await fill(ctx, ["a", "b"]);
    const r = await ctx.kv.getMany([ctx.key("b"), ctx.key("x"), ctx.key("a"), ctx.key("b")]);
    equal(values(r), ["b", null, "a", "b"]);
    equal(r[1].versionstamp, null);
  }],
  ["getMany: no keys gives an empty list", async (ctx) => {
    equal(await ctx.kv.getMany([]), []);
  }],
  ["getMany: ten keys work, eleven do not", async (ctx) => {
    const keys = (n) => Array.from({ length: n }, (_, i) => ctx.key(i));
    equal((await ctx.kv.getMany(keys(10))).length, 10);
    await rejects(() => ctx.kv.getMany(keys(11)), "eleven keys");
  }],

  // ---- values ------------------------------------------------------------------------------
  ...Object.entries({
    "text": "hello",
    "empty text": "",
    "text beyond Latin-1": "ünïcödé 🚀 漢字",
    "text with a zero byte": "a\u0000b",
    "small integer": 42,
    "negative zero and fraction": [-0, 0.1, -1e308],
    "NaN and infinities": [NaN, Infinity, -Infinity],
    "booleans": [true, false],
    "big integers": [0n, -1n, 2n ** 64n, -(2n ** 200n)],
    "dates": new Date(1700000000123),
    "map and set": { m: new Map([["a", 1], [2, { x: 1 }]]), s: new Set([1, "b"]) },
    "regular expression": /a+b/gi,
    "nested object": { a: [{ b: { c: [1, "x", null] } }], z: undefined },
    "bytes": new Uint8Array([0, 1, 254, 255]),
    "no bytes": new Uint8Array(0),
  }).map(([name, v]) => ["value: " + name + " comes back the same", async (ctx) => {
    await ctx.kv.set(ctx.key("v"), v);
    equal((await ctx.kv.get(ctx.key("v"))).value, v);
  }]),
  ["value: null is stored, and told from missing by the versionstamp", async (ctx) => {
    await ctx.kv.set(ctx.key("v"), null);
    const e = await ctx.kv.get(ctx.key("v"));
    equal(e.value, null);
    assert(e.versionstamp !== null, "versionstamp must be set");
  }],
  ["value: undefined is stored as undefined", async (ctx) => {
    await ctx.kv.set(ctx.key("v"), undefined);
    const e = await ctx.kv.get(ctx.key("v"));
    assert(e.value === undefined && e.versionstamp !== null, "undefined lost");
  }],
  ["value: 65536 bytes fit, 65537 do not", async (ctx) => {
    const big = new Uint8Array(65536).fill(7);
    await ctx.kv.set(ctx.key("v"), big);
    equal((await ctx.kv.get(ctx.key("v"))).value, big);
    await rejects(() => ctx.kv.set(ctx.key("w"), new Uint8Array(65537)), "65537 bytes");
    equal((await ctx.kv.get(ctx.key("w"))).versionstamp, null, "refused value");
  }],

  // ---- keys --------------------------------------------------------------------------------
  ["key: 1, \"1\", 1n and true are four different keys", async (ctx) => {
    for (const [i, p] of [1, "1", 1n, true].entries()) await ctx.kv.set(ctx.key(p), i);
    const got = [];
    for (const p of [1, "1", 1n, true]) got.push((await ctx.kv.get(ctx.key(p))).value);
    equal(got, [0, 1, 2, 3]);
  }],
  ["key: every part type survives a list", async (ctx) => {
    const parts = [new Uint8Array([0, 255, 7]), "s\u0000t", "", -12345678901234567890n, 0n, -2.5, 1e300, false, true];
    await ctx.kv.set(ctx.key(...parts), 1);
    const [e] = await all(ctx.kv.list({ prefix: ctx.key() }));
    equal(e.key.slice(ctx.base), parts);
  }],
  ["key: numbers are ordered by value", async (ctx) => {
    const nums = [-Infinity, -1e10, -10, -9, -1.5, -1, 0, 5e-324, 0.5, 1, 2, 3, 9, 10, 20, 100, 1e10, Infinity];
    await fill(ctx, [...nums].sort(() => 0.5 - Math.random()));
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), nums);
  }],
  ["key: big integers are ordered by value, also when negative", async (ctx) => {
    const nums = [-(2n ** 70n), -(2n ** 64n), -65536n, -256n, -255n, -2n, -1n, 0n, 1n, 255n, 256n, 65536n, 2n ** 63n, 2n ** 64n, 2n ** 70n];
    await fill(ctx, [...nums].reverse());
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), nums);
  }],
  ["key: text is ordered by its UTF-8 bytes", async (ctx) => {
    const strs = ["", "\u0000", "\u0000a", "\u0001", "A", "a", "a\u0000", "a\u0000b", "a\u0001", "ab", "b", "é", "漢", "🚀"];
    await fill(ctx, [...strs].reverse());
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), strs);
  }],
  ["key: bytes are ordered as bytes", async (ctx) => {
    const bs = [[], [0], [0, 0], [0, 1], [0, 255], [1], [255], [255, 0]];
    for (const b of [...bs].reverse()) await ctx.kv.set(ctx.key(Uint8Array.from(b)), b);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), bs);
  }],
  ["key: order between types is bytes, text, big integer, number, false, true", async (ctx) => {
    const parts = [new Uint8Array([255]), "zzz", 2n ** 80n, -Infinity, false, true];
    for (const [i, p] of [...parts.entries()].reverse()) await ctx.kv.set(ctx.key(p), i);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), [0, 1, 2, 3, 4, 5]);
  }],
  ["key: a key sorts before its children and before longer siblings", async (ctx) => {
    await fill(ctx, [["a", "z"], ["b"], ["a"], ["a", 1], ["ab"], ["a", "a", "a"]]);
    const e = await all(ctx.kv.list({ start: ctx.key("a"), end: ctx.key("zz") }));
    equal(tails(e, ctx.base), [["a"], ["a", "a", "a"], ["a", "z"], ["a", 1], ["ab"], ["b"]]);
  }],
  ["key: 2048 bytes fit, 2049 do not", async (ctx) => {
    // 16 bytes of room on the safe side are used up by a filler measured on the encoded key.
    const used = ctx.encodedLength();
    const mk = (n) => ctx.key(new Uint8Array(n - used - 2).fill(1));
    await ctx.kv.set(mk(2048), "fits");
    equal((await ctx.kv.get(mk(2048))).value, "fits");
    await rejects(() => ctx.kv.set(mk(2049), "x"), "2049 bytes");
  }],
  ["key: the empty key cannot be written", async (ctx) => {
    await rejects(() => ctx.kv.set([], 1), "set");
    await rejects(() => ctx.kv.delete([]), "delete");
  }],

  // ---- list --------------------------------------------------------------------------------
  ["list: a prefix gives its descendants, not the key itself, not lookalikes", async (ctx) => {
    await fill(ctx, ["user", ["user", 1], ["user", "a", "b"], "users", ["users", 1], "use"]);
    const e = await all(ctx.kv.list({ prefix: ctx.key("user") }));
    equal(tails(e, ctx.base), [["user", "a", "b"], ["user", 1]]);
  }],
  ["list: entries carry value and versionstamp", async (ctx) => {
    const r = await ctx.kv.set(ctx.key("p", 1), { x: 1 });
    const [e] = await all(ctx.kv.list({ prefix: ctx.key("p") }));
    equal([e.value, e.versionstamp], [{ x: 1 }, r.versionstamp]);
  }],
  ["list: start is inclusive", async (ctx) => {
    await fill(ctx, ["a", "b", "c", "d"]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key(), start: ctx.key("c") }))), ["c", "d"]);
  }],
  ["list: end is exclusive", async (ctx) => {
    await fill(ctx, ["a", "b", "c", "d"]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key(), end: ctx.key("c") }))), ["a", "b"]);
  }],
  ["list: start and end without a prefix", async (ctx) => {
    await fill(ctx, ["a", "b", "c", "d"]);
    equal(values(await all(ctx.kv.list({ start: ctx.key("b"), end: ctx.key("d") }))), ["b", "c"]);
  }],
  ["list: an empty range is empty", async (ctx) => {
    await fill(ctx, ["a"]);
    equal(await all(ctx.kv.list({ start: ctx.key("b"), end: ctx.key("c") })), []);
    equal(await all(ctx.kv.list({ prefix: ctx.key("none") })), []);
  }],
  ["list: reverse, with and without a limit", async (ctx) => {
    await fill(ctx, ["a", "b", "c", "d"]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { reverse: true }))), ["d", "c", "b", "a"]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { reverse: true, limit: 2 }))), ["d", "c"]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key(), start: ctx.key("b") }, { reverse: true }))), ["d", "c", "b"]);
  }],
  ["list: limit", async (ctx) => {
    await fill(ctx, [1, 2, 3, 4, 5]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { limit: 3 }))), [1, 2, 3]);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { limit: 99 }))), [1, 2, 3, 4, 5]);
  }],
  ["list: a cursor resumes after the last entry read", async (ctx) => {
    await fill(ctx, [1, 2, 3, 4, 5]);
    const it = ctx.kv.list({ prefix: ctx.key() });
    await it.next();
    await it.next();
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { cursor: it.cursor }))), [3, 4, 5]);
  }],
  ["list: a cursor resumes in reverse too", async (ctx) => {
    await fill(ctx, [1, 2, 3, 4, 5]);
    const it = ctx.kv.list({ prefix: ctx.key() }, { reverse: true });
    await it.next();
    await it.next();
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { reverse: true, cursor: it.cursor }))), [3, 2, 1]);
  }],
  ["list: small batches miss and repeat nothing", async (ctx) => {
    const n = Array.from({ length: 57 }, (_, i) => i);
    await fill(ctx, n);
    for (const batchSize of [1, 2, 7, 57, 100]) {
      equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { batchSize }))), n, "batchSize " + batchSize);
    }
  }],
  ["list: 700 entries in default and in large batches", async (ctx) => {
    const n = Array.from({ length: 700 }, (_, i) => i);
    await fill(ctx, n);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), n);
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }, { batchSize: 500, reverse: true }))), [...n].reverse());
  }],
  ["list: bad selectors and options are refused", async (ctx) => {
    const bad = (sel, opt) => rejects(async () => all(ctx.kv.list(sel, opt)), JSON.stringify([sel, opt]));
    await bad({ prefix: ctx.key(), start: ctx.key("a"), end: ctx.key("b") });
    await bad({ prefix: ctx.key() }, { limit: 0 });
    await bad({ prefix: ctx.key() }, { batchSize: 1001 });
    await bad({ prefix: ctx.key() }, { consistency: "sometimes" });
  }],

  // ---- atomic: checks ----------------------------------------------------------------------
  ["atomic: an empty commit succeeds, each with its own versionstamp", async (ctx) => {
    const a = await ctx.kv.atomic().commit();
    const b = await ctx.kv.atomic().commit();
    assert(a.ok && b.ok && a.versionstamp < b.versionstamp, "two rising versionstamps");
  }],
  ["atomic: all writes of a commit share its versionstamp", async (ctx) => {
    const r = await ctx.kv.atomic().set(ctx.key("a"), 1).set(ctx.key("b"), 2).commit();
    const e = await ctx.kv.getMany([ctx.key("a"), ctx.key("b")]);
    equal(e.map((x) => x.versionstamp), [r.versionstamp, r.versionstamp]);
  }],
  ["atomic: check null = must not exist", async (ctx) => {
    const go = () => ctx.kv.atomic().check({ key: ctx.key("a"), versionstamp: null }).set(ctx.key("a"), 1).commit();
    assert((await go()).ok === true, "first");
    equal(await go(), { ok: false }, "second");
    await ctx.kv.delete(ctx.key("a"));
    assert((await go()).ok === true, "after delete");
  }],
  ["atomic: a stale check fails and changes nothing", async (ctx) => {
    const a = await ctx.kv.set(ctx.key("a"), "v1");
    await ctx.kv.set(ctx.key("a"), "v2");
    const r = await ctx.kv.atomic().check({ key: ctx.key("a"), versionstamp: a.versionstamp })
      .set(ctx.key("a"), "v3").set(ctx.key("b"), 1).delete(ctx.key("a")).commit();
    equal(r, { ok: false });
    equal(values(await ctx.kv.getMany([ctx.key("a"), ctx.key("b")])), ["v2", null]);
  }],
  ["atomic: an entry from get can be used as a check", async (ctx) => {
    await ctx.kv.set(ctx.key("a"), 1);
    const e = await ctx.kv.get(ctx.key("a"));
    assert((await ctx.kv.atomic().check(e).set(ctx.key("a"), 2).commit()).ok, "commit");
    equal((await ctx.kv.get(ctx.key("a"))).value, 2);
  }],
  ["atomic: one failing check among several stops the commit", async (ctx) => {
    const a = await ctx.kv.set(ctx.key("a"), 1);
    const r = await ctx.kv.atomic()
      .check({ key: ctx.key("a"), versionstamp: a.versionstamp }, { key: ctx.key("b"), versionstamp: a.versionstamp })
      .set(ctx.key("c"), 1).commit();
    equal(r, { ok: false });
    equal((await ctx.kv.get(ctx.key("c"))).versionstamp, null);
  }],
  ["atomic: ten checks work", async (ctx) => {
    const op = ctx.kv.atomic();
    for (let i = 0; i < 10; i++) op.check({ key: ctx.key(i), versionstamp: null });
    assert((await op.set(ctx.key("x"), 1).commit()).ok, "commit");
  }],
  ["strict: atomic: a hundred checks work", async (ctx) => {
    if (ctx.mode !== "local" || ctx.client !== "deno") needStrict(ctx);
    const op = ctx.kv.atomic();
    for (let i = 0; i < 100; i++) op.check({ key: ctx.key(i), versionstamp: null });
    assert((await op.set(ctx.key("x"), 1).commit()).ok, "commit");
  }],

  // ---- atomic: mutations -------------------------------------------------------------------
  ["atomic: mutations run in the order given", async (ctx) => {
    const k = ctx.key("k");
    await ctx.kv.atomic().set(k, 1).set(k, 2).commit();
    equal((await ctx.kv.get(k)).value, 2);
    await ctx.kv.atomic().set(k, 3).delete(k).commit();
    equal((await ctx.kv.get(k)).versionstamp, null);
    await ctx.kv.atomic().delete(k).set(k, 4).commit();
    equal((await ctx.kv.get(k)).value, 4);
  }],
  ["atomic: sum starts from nothing, adds, and adds twice in one commit", async (ctx) => {
    const k = ctx.key("k");
    await ctx.kv.atomic().sum(k, 5n).commit();
    equal(u64((await ctx.kv.get(k)).value), 5n);
    await ctx.kv.atomic().sum(k, 2n).sum(k, 3n).commit();
    equal(u64((await ctx.kv.get(k)).value), 10n);
    await ctx.kv.atomic().sum(k, 0n).commit();
    equal(u64((await ctx.kv.get(k)).value), 10n);
  }],
  ["atomic: sum wraps around at 2^64", async (ctx) => {
    const k = ctx.key("k");
    await ctx.kv.atomic().sum(k, MAX).commit();
    equal(u64((await ctx.kv.get(k)).value), MAX, "largest value");
    await ctx.kv.atomic().sum(k, 3n).commit();
    equal(u64((await ctx.kv.get(k)).value), 2n, "wrapped");
  }],
  ["atomic: max and min, also from nothing, compare unsigned", async (ctx) => {
    const k = ctx.key("k"), m = ctx.key("m");
    await ctx.kv.atomic().max(k, 5n).min(m, 5n).commit();
    equal([u64((await ctx.kv.get(k)).value), u64((await ctx.kv.get(m)).value)], [5n, 5n]);
    await ctx.kv.atomic().max(k, 3n).min(m, 8n).commit();
    equal([u64((await ctx.kv.get(k)).value), u64((await ctx.kv.get(m)).value)], [5n, 5n]);
    await ctx.kv.atomic().max(k, MAX).min(m, 0n).commit();
    equal([u64((await ctx.kv.get(k)).value), u64((await ctx.kv.get(m)).value)], [MAX, 0n]);
  }],
  ["atomic: sum, max and min refuse a stored value that is no counter", async (ctx) => {
    for (const stored of ["text", 5, new Uint8Array(8)]) {
      const k = ctx.key("k");
      await ctx.kv.set(k, stored);
      for (const op of ["sum", "max", "min"]) {
        await rejects(() => ctx.kv.atomic()[op](k, 1n).commit(), `${op} on ${typeof stored}`);
      }
      equal((await ctx.kv.get(k)).value, stored, "must be unchanged");
    }
  }],
  ["strict: atomic: a mutation that fails undoes the whole commit", async (ctx) => {
    needStrict(ctx);
    await ctx.kv.set(ctx.key("text"), "t");
    await rejects(() => ctx.kv.atomic().set(ctx.key("before"), 1).sum(ctx.key("text"), 1n).set(ctx.key("after"), 1).commit());
    equal((await ctx.kv.getMany([ctx.key("before"), ctx.key("after")])).map((e) => e.versionstamp), [null, null]);
  }],
  ["atomic: sum of plain big integers, through mutate()", async (ctx) => {
    const k = ctx.key("k");
    const add = (v) => ctx.kv.atomic().mutate({ type: "sum", key: k, value: v }).commit();
    await add(5n);
    equal((await ctx.kv.get(k)).value, 5n);
    await add(-12n);
    equal((await ctx.kv.get(k)).value, -7n);
    await add(2n ** 100n);
    equal((await ctx.kv.get(k)).value, 2n ** 100n - 7n);
  }],
  ["atomic: sum of plain numbers, through mutate()", async (ctx) => {
    const k = ctx.key("k");
    const add = (v) => ctx.kv.atomic().mutate({ type: "sum", key: k, value: v }).commit();
    await add(1);
    await add(0.5);
    equal((await ctx.kv.get(k)).value, 1.5);
    await rejects(() => add(1n), "a big integer onto a number");
    equal((await ctx.kv.get(k)).value, 1.5);
  }],
  ["atomic: a big integer can be added to a counter while it stays one", async (ctx) => {
    const k = ctx.key("k");
    await ctx.kv.atomic().sum(k, 1n).commit();
    await ctx.kv.atomic().mutate({ type: "sum", key: k, value: 2n }).commit();
    equal(u64((await ctx.kv.get(k)).value), 3n);
    await rejects(() => ctx.kv.atomic().mutate({ type: "sum", key: k, value: -1n }).commit(), "negative");
  }],
  ["atomic: 1000 mutations fit, 1001 do not", async (ctx) => {
    const go = (n) => {
      const op = ctx.kv.atomic();
      for (let i = 0; i < n; i++) op.set(ctx.key(i), i);
      return op.commit();
    };
    assert((await go(1000)).ok, "1000");
    await rejects(() => go(1001), "1001");
  }],
  ["atomic: more than 819200 bytes in all is refused", async (ctx) => {
    const go = (n) => {
      const op = ctx.kv.atomic();
      for (let i = 0; i < n; i++) op.set(ctx.key(i), new Uint8Array(65000));
      return op.commit();
    };
    assert((await go(12)).ok, "12 x 65000");
    await rejects(() => go(13), "13 x 65000");
  }],

  // ---- concurrency -------------------------------------------------------------------------
  ["concurrency: 60 parallel sums all count", async (ctx) => {
    const k = ctx.key("k");
    await Promise.all(Array.from({ length: 60 }, () => ctx.kv.atomic().sum(k, 1n).commit()));
    equal(u64((await ctx.kv.get(k)).value), 60n);
  }],
  ["concurrency: parallel compare-and-set loops lose no update", async (ctx) => {
    const k = ctx.key("k");
    await ctx.kv.set(k, 0);
    const bump = async () => {
      for (let tries = 0; tries < 500; tries++) {
        const e = await ctx.kv.get(k);
        if ((await ctx.kv.atomic().check(e).set(k, e.value + 1).commit()).ok) return;
      }
      throw new Error("never committed");
    };
    await Promise.all(Array.from({ length: 12 }, bump));
    equal((await ctx.kv.get(k)).value, 12);
  }],
  ["concurrency: of many creators exactly one wins", async (ctx) => {
    const k = ctx.key("k");
    const r = await Promise.all(Array.from({ length: 15 }, (_, i) =>
      ctx.kv.atomic().check({ key: k, versionstamp: null }).set(k, i).commit()));
    equal(r.filter((x) => x.ok).length, 1);
    equal((await ctx.kv.get(k)).value, r.findIndex((x) => x.ok));
  }],
  ["concurrency: a multi-key read is one snapshot", async (ctx) => {
    const a = ctx.key("a"), b = ctx.key("b");
    await ctx.kv.atomic().set(a, 0).set(b, 0).commit();
    let stop = false;
    const writer = (async () => {
      for (let i = 1; !stop && i < 400; i++) await ctx.kv.atomic().set(a, i).set(b, i).commit();
    })();
    try {
      for (let i = 0; i < 40; i++) {
        const [x, y] = await ctx.kv.getMany([a, b]);
        equal(x.value, y.value, "both keys of one commit");
      }
    } finally {
      stop = true;
      await writer;
    }
  }],

  // ---- expiry ------------------------------------------------------------------------------
  ["expiry: a value with a long expireIn is there", async (ctx) => {
    await ctx.kv.set(ctx.key("a"), 1, { expireIn: 3600_000 });
    equal((await ctx.kv.get(ctx.key("a"))).value, 1);
  }],
  ["expiry: writing again without expireIn makes the value permanent", async (ctx) => {
    await ctx.kv.set(ctx.key("a"), 1, { expireIn: 500 });
    await ctx.kv.set(ctx.key("a"), 2);
    await sleep(2500);
    equal((await ctx.kv.get(ctx.key("a"))).value, 2);
  }],
  ["strict: expiry: an expired value is not returned by get or list", async (ctx) => {
    needStrict(ctx);
    await ctx.kv.set(ctx.key("a"), 1, { expireIn: 400 });
    await ctx.kv.set(ctx.key("b"), 2);
    await sleep(1500);
    equal((await ctx.kv.get(ctx.key("a"))).versionstamp, null, "get");
    equal(values(await all(ctx.kv.list({ prefix: ctx.key() }))), [2], "list");
    assert((await ctx.kv.atomic().check({ key: ctx.key("a"), versionstamp: null }).commit()).ok, "check null");
  }],

  // ---- watch -------------------------------------------------------------------------------
  ["watch: gives the current values first, then each change, then the deletion", async (ctx) => {
    const a = ctx.key("a"), b = ctx.key("b");
    const first = await ctx.kv.set(a, 1);
    const reader = ctx.kv.watch([a, b]).getReader();
    const next = async () => (await withTimeout(reader.read(), 10000, "watch")).value;
    try {
      const v1 = await next();
      equal(v1.map((e) => [e.value, e.versionstamp]), [[1, first.versionstamp], [null, null]], "initial");
      const second = await ctx.kv.set(b, "new");
      const v2 = await next();
      equal(v2.map((e) => [e.value, e.versionstamp]), [[1, first.versionstamp], ["new", second.versionstamp]], "change");
      await ctx.kv.delete(a);
      const v3 = await next();
      equal(v3.map((e) => e.versionstamp), [null, second.versionstamp], "deletion");
    } finally {
      await reader.cancel();
    }
  }],
  ["watch: after a burst of writes the last state arrives", async (ctx) => {
    const a = ctx.key("a");
    await ctx.kv.set(a, 0);
    const reader = ctx.kv.watch([a]).getReader();
    try {
      await withTimeout(reader.read(), 10000, "watch");
      for (let i = 1; i <= 20; i++) await ctx.kv.set(a, i);
      let v;
      do v = (await withTimeout(reader.read(), 10000, "watch")).value[0].value; while (v !== 20);
    } finally {
      await reader.cancel();
    }
  }],
  ["watch: counter mutations are noticed", async (ctx) => {
    const a = ctx.key("a");
    await ctx.kv.atomic().sum(a, 1n).commit();
    const reader = ctx.kv.watch([a]).getReader();
    try {
      equal(u64((await withTimeout(reader.read(), 10000, "watch")).value[0].value), 1n);
      await ctx.kv.atomic().sum(a, 1n).commit();
      equal(u64((await withTimeout(reader.read(), 10000, "watch")).value[0].value), 2n);
    } finally {
      await reader.cancel();
    }
  }],
  ["watch: two watchers of one key both hear of it", async (ctx) => {
    const a = ctx.key("a");
    await ctx.kv.set(a, 0);
    const rs = [ctx.kv.watch([a]).getReader(), ctx.kv.watch([a]).getReader()];
    try {
      for (const r of rs) await withTimeout(r.read(), 10000, "watch");
      await ctx.kv.set(a, 1);
      for (const r of rs) equal((await withTimeout(r.read(), 10000, "watch")).value[0].value, 1);
    } finally {
      for (const r of rs) await r.cancel();
    }
  }],

  // ---- client-specific ---------------------------------------------------------------------
  ["deno: a commit versionstamp can be part of a key", async (ctx) => {
    if (ctx.client !== "deno") ctx.skip("Deno only");
    const r = await ctx.kv.atomic().set(ctx.key(ctx.kv.commitVersionstamp()), "log").commit();
    const [e] = await all(ctx.kv.list({ prefix: ctx.key() }));
    equal(e.key.slice(ctx.base), [r.versionstamp]);
  }],
  ["deno: KvU64 values are stored and read back", async (ctx) => {
    if (ctx.client !== "deno") ctx.skip("Deno only");
    for (const n of [0n, 1n, 2n ** 63n, MAX]) {
      await ctx.kv.set(ctx.key("k"), new Deno.KvU64(n));
      equal(u64((await ctx.kv.get(ctx.key("k"))).value), n);
    }
  }],
  ["node: enqueue is accepted and versioned", async (ctx) => {
    if (ctx.client !== "node") ctx.skip("the Deno client refuses this by itself");
    const r = await ctx.kv.enqueue({ n: 1 }, { delay: 3600_000, keysIfUndelivered: [ctx.key("failed")] });
    assert(r.ok && STAMP.test(r.versionstamp), "result");
  }],
  ["node: enqueue with a failing check enqueues nothing and says so", async (ctx) => {
    if (ctx.client !== "node") ctx.skip("the Deno client refuses this by itself");
    await ctx.kv.set(ctx.key("a"), 1);
    equal(await ctx.kv.atomic().check({ key: ctx.key("a"), versionstamp: null }).enqueue("x", { delay: 3600_000 }).commit(), { ok: false });
  }],
];

// ---- values written by one client and read by the other --------------------------------------
// V8 values go from Node to Deno only: Deno writes serialization format 16, which no released Node
// version reads. Bytes, counters and keys are neutral and go both ways.
const crossKey = (run, from, ...rest) => ["conformance", run, "cross-" + from, ...rest];
const crossKeys = [["s", "t\u0000"], ["n", -1.25], ["b", -(2n ** 65n)], ["u", new Uint8Array([0, 255])], ["t", true], ["f", false]];
const crossValues = { text: "grüße 🚀", num: 1.5, big: -(10n ** 30n), date: new Date(5), obj: { a: [1, { b: null }] }, map: new Map([["k", new Set([1])]]) };

export async function crossWrite(kv, run, client) {
  await kv.set(crossKey(run, client, "bytes"), new Uint8Array([1, 2, 3]));
  await kv.atomic().sum(crossKey(run, client, "counter"), 77n).commit();
  for (const k of crossKeys) await kv.set(crossKey(run, client, "keys", ...k), enc.encode("k"));
  if (client === "node") for (const [n, v] of Object.entries(crossValues)) await kv.set(crossKey(run, client, "v8", n), v);
}

export const crossChecks = (run, from) => [
  [`cross: bytes written by ${from}`, async (ctx) => {
    equal((await ctx.kv.get(crossKey(run, from, "bytes"))).value, new Uint8Array([1, 2, 3]));
  }],
  [`cross: counter written by ${from} can be read and added to`, async (ctx) => {
    equal(u64((await ctx.kv.get(crossKey(run, from, "counter"))).value), 77n);
    await ctx.kv.atomic().sum(crossKey(run, from, "counter"), 1n).commit();
    equal(u64((await ctx.kv.get(crossKey(run, from, "counter"))).value), 78n);
  }],
  [`cross: keys written by ${from} are found and listed`, async (ctx) => {
    for (const k of crossKeys) {
      assert((await ctx.kv.get(crossKey(run, from, "keys", ...k))).versionstamp, "missing key " + k[0]);
    }
    const got = (await all(ctx.kv.list({ prefix: crossKey(run, from, "keys") }))).map((e) => e.key.slice(4));
    const want = [...crossKeys].sort((x, y) => (x[0] < y[0] ? -1 : 1));
    assert(same(got, want), "listed keys differ");
  }],
  ...(from === "node"
    ? Object.entries(crossValues).map(([n, v]) => [`cross: ${n} value written by node`, async (ctx) => {
      equal((await ctx.kv.get(crossKey(run, from, "v8", n))).value, v);
    }])
    : []),
];
