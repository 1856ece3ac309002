// Checks of the KeyVal REST API, written from its documentation and from what it was seen to do.
// "strict: ..." checks ask for what our server promises beyond the public implementation.

import { assert, equal, same, skip, sleep } from "./harness.mjs";

const enc = (p) => encodeURIComponent(String(p));
const stampOk = (s) => typeof s === "string" && s.length > 0;

// ctx: { api, root } where root is a key (two text parts) that belongs to this check alone
const path = (ctx, ...parts) => "/keys/" + [...ctx.root, ...parts].map(enc).join("/");
const pre = (ctx, ...parts) => [...ctx.root, ...parts].map(enc).join("/");
const put = (ctx, parts, value, query = "") => ctx.api.ok("PUT", path(ctx, ...[].concat(parts)) + query, value);
const get = async (ctx, ...parts) => {
  const r = await ctx.api.request("GET", path(ctx, ...parts));
  assert(r.status === 200 || r.status === 404, `GET: status ${r.status}`);
  return r.status === 404 ? null : r.json;
};
const val = async (ctx, ...parts) => (await get(ctx, ...parts))?.value;
const list = (ctx, parts = [], query = "") => ctx.api.ok("GET", `/keys?prefix=${enc(pre(ctx, ...parts)).replaceAll("%2F", "/")}${query}`);
const atomic = (ctx, mutations, checks) => ctx.api.ok("POST", "/atomic", { checks, mutations });
const set = (key, value, more) => ({ type: "set", key, value, ...more });
const tail = (ctx, entries) => entries.map((e) => e.key.slice(ctx.root.length));
const big = (n) => ({ __type: "bigint", value: String(n) });

async function fill(ctx, docs) {
  const r = await atomic(ctx, Object.entries(docs).map(([k, v]) => set([...ctx.root, k], v)));
  assert(r.ok, "fill");
}
async function drain(ctx) {
  for (let i = 0; i < 500; i++) {
    const r = await ctx.api.request("GET", "/queue/poll");
    if (r.status !== 200) continue;
    if (!r.json.message) return;
    await ctx.api.ok("POST", "/queue/ack", { id: r.json.message.id });
  }
}
const enqueue = (ctx, value, options) => ctx.api.ok("POST", "/queue/enqueue", { value, options });
const poll = async (ctx) => (await ctx.api.ok("GET", "/queue/poll")).message;
const settle = (ctx, how, id) => ctx.api.ok("POST", "/queue/" + how, { id });
async function pollUntil(ctx, ms) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const m = await poll(ctx);
    if (m) return m;
  }
  return null;
}

// ---- where: one set of documents, many filters ------------------------------------------------
const people = {
  ann: { name: "Ann Silva", age: 30, city: "SP", tags: ["a", "b"], active: true, note: null, addr: { zip: "01", geo: { lat: 1.5 } }, items: [{ price: 10 }, { price: 99 }], at: 1000 },
  bob: { name: "bob silva", age: 20, city: "RJ", tags: [], active: false, note: "", addr: { zip: "02" }, items: [{ price: 50 }], at: 9e15 },
  cy: { name: "CY_100%", age: 40.5, city: "SP", tags: ["z"], active: true, note: "x" },
  dee: { name: "Dee" },
};
const whereCases = [
  ["equality", [
    [{ city: "SP" }, "ann cy"], [{ city: { $eq: "SP" } }, "ann cy"], [{ city: { $eq: "sp" } }, ""], [{ age: 30 }, "ann"],
    [{ active: true }, "ann cy"], [{ active: { $eq: false } }, "bob"], [{ city: { $ne: "SP" } }, "bob"], [{ age: { $ne: 30 } }, "bob cy"]]],
  ["comparison", [
    [{ age: { $gt: 30 } }, "cy"], [{ age: { $gte: 30 } }, "ann cy"], [{ age: { $lt: 30 } }, "bob"], [{ age: { $lte: 30 } }, "ann bob"],
    [{ age: { $between: [20, 30] } }, "ann bob"], [{ age: { $gt: 20, $lt: 40 } }, "ann"], [{ city: { $gt: "RJ" } }, "ann cy"],
    [{ name: { $between: ["A", "D"] } }, "ann cy"]]],
  ["lists", [
    [{ city: { $in: ["SP", "XX"] } }, "ann cy"], [{ city: { $in: [] } }, ""], [{ age: { $in: [20, 40.5] } }, "bob cy"],
    [{ city: { $nin: ["SP"] } }, "bob"]]],
  ["text, case matters", [
    [{ name: { $contains: "Silva" } }, "ann"], [{ name: { $contains: "%" } }, "cy"], [{ name: { $contains: "_" } }, "cy"],
    [{ name: { $notContains: "Silva" } }, "bob cy dee"], [{ name: { $startsWith: "bob" } }, "bob"], [{ name: { $startsWith: "Bob" } }, ""],
    [{ name: { $endsWith: "silva" } }, "bob"], [{ name: { $endsWith: "%" } }, "cy"]]],
  ["text, case does not matter", [
    [{ name: { $containsi: "SILVA" } }, "ann bob"], [{ name: { $notContainsi: "silva" } }, "cy dee"], [{ name: { $startsWithi: "ANN" } }, "ann"],
    [{ name: { $endsWithi: "SILVA" } }, "ann bob"], [{ name: { $containsi: "y_1" } }, "cy"], [{ name: { $containsi: "e_" } }, ""]]],
  ["null, empty, missing", [
    [{ note: { $null: true } }, "ann dee"], [{ note: { $null: false } }, "bob cy"], [{ tags: { $null: true } }, "dee"],
    [{ tags: { $empty: true } }, "bob dee"], [{ tags: { $notEmpty: true } }, "ann cy"], [{ note: { $empty: true } }, "ann bob dee"],
    [{ note: { $empty: false } }, "cy"], [{ note: { $notEmpty: false } }, "ann bob dee"], [{ age: { $notEmpty: true } }, "ann bob cy"]]],
  ["missing fields match no comparison", [
    [{ city: { $ne: "XX" } }, "ann bob cy"], [{ city: { $nin: ["XX"] } }, "ann bob cy"], [{ city: { $notContains: "X" } }, "ann bob cy"],
    [{ age: { $lt: 1e9 } }, "ann bob cy"]]],
  ["logic", [
    [{ $and: [{ city: "SP" }, { age: 30 }] }, "ann"], [{ $or: [{ city: "RJ" }, { age: { $gt: 40 } }] }, "bob cy"],
    [{ $not: { city: "SP" } }, "bob"], [{ city: "SP", active: true, age: { $lt: 40 } }, "ann"],
    [{ $and: [{ active: true }, { $or: [{ age: 30 }, { age: 20 }] }, { $not: { city: "RJ" } }] }, "ann"], [{}, "ann bob cy dee"]]],
  ["paths", [
    [{ "addr.zip": "01" }, "ann"], [{ "addr.geo.lat": { $gt: 1 } }, "ann"], [{ "items[0].price": { $gte: 50 } }, "bob"],
    [{ "items[1].price": 99 }, "ann"], [{ "items[5].price": { $null: true } }, "ann bob cy dee"], [{ "tags[0]": "z" }, "cy"]]],
  ["$now, with $offset", [
    [{ at: { $lt: { $now: true } } }, "ann"], [{ at: { $gt: { $now: true } } }, "bob"],
    [{ at: { $lt: { $now: true, $offset: 9e15 } } }, "ann bob"], [{ at: { $lte: { $now: true, $offset: -8.9e15 } } }, ""]]],
];
const names = (entries) => entries.map((e) => e.key.at(-1)).sort().join(" ");
const where = (ctx, w, more) => ctx.api.ok("POST", "/keys/list", { prefix: ctx.root, where: w, ...more });

// ---- search -----------------------------------------------------------------------------------
const posts = {
  p1: { title: "Running with TypeScript", body: "A long guide", status: "pub", n: 7 },
  p2: { title: "He runs fast", body: "sport", status: "draft" },
  p3: { title: "Systems", body: "the type of a thing", status: "pub", author: { name: "Zoë Typist" } },
};
async function index(ctx, options) {
  await ctx.api.ok("POST", "/indexes", { prefix: ctx.root, options: { fields: ["title", "body"], ...options } });
  for (const [k, v] of Object.entries(posts)) await put(ctx, k, v);
}
const unindex = (ctx) => ctx.api.request("DELETE", "/indexes?prefix=" + pre(ctx));
const search = async (ctx, q, more = "") => names(await ctx.api.ok("GET", `/search?prefix=${pre(ctx)}&query=${enc(q)}${more}`));

export const checks = [
  // ---- one key -----------------------------------------------------------------------------
  ["put: answers ok and a versionstamp; get gives key, value and the same versionstamp", async (ctx) => {
    const r = await put(ctx, ["a"], { x: 1 });
    assert(r.ok === true && stampOk(r.versionstamp), JSON.stringify(r));
    equal(await get(ctx, "a"), { key: [...ctx.root, "a"], value: { x: 1 }, versionstamp: r.versionstamp });
  }],
  ["put: replaces the whole value, and later versionstamps sort higher", async (ctx) => {
    const a = await put(ctx, ["a"], { x: 1, y: 2 });
    const b = await put(ctx, ["a"], { x: 3 });
    equal(await val(ctx, "a"), { x: 3 });
    assert(b.versionstamp > a.versionstamp, "order of versionstamps");
  }],
  ["put: every JSON value comes back", async (ctx) => {
    for (const v of ["text", "", "ünï 🚀", 0, -1.5, 1e300, true, false, [], [1, [2, { a: null }]], {}, { "a.b": { "": 1 } }]) {
      await put(ctx, ["v"], v);
      equal(await val(ctx, "v"), v);
    }
  }],
  ["get: a missing key is 404 with an error text", async (ctx) => {
    await ctx.api.refused("GET", path(ctx, "none"), undefined, { status: 404, needle: "Key not found" });
  }],
  ["strict: put and get: a stored null is found", async (ctx) => {
    const r = await put(ctx, ["v"], null);
    equal(await get(ctx, "v"), { key: [...ctx.root, "v"], value: null, versionstamp: r.versionstamp });
  }],
  ["strict: put: a body that is no JSON is 400", async (ctx) => {
    await ctx.api.refused("PUT", path(ctx, "v"), { raw: "{nope" });
    await ctx.api.refused("PUT", path(ctx, "v"), { raw: "" });
  }],

  // ---- keys in the path --------------------------------------------------------------------
  ["path: integers become number parts", async (ctx) => {
    for (const [text, part] of [["7", 7], ["-5", -5], ["0", 0], ["9007199254740991", 9007199254740991]]) {
      await put(ctx, [text], "v");
      equal((await get(ctx, text)).key.at(-1), part);
    }
    equal(await ctx.api.ok("POST", "/keys/batch", { keys: [[...ctx.root, 7], [...ctx.root, "7"]] }).then((r) => r.map((e) => e.value)), ["v", null]);
  }],
  ["path: integers too large for a double, fractions and words stay text", async (ctx) => {
    for (const text of ["9007199254740993", "1.5", "1e3", "true", "null", "a1"]) {
      await put(ctx, [text], "v");
      equal((await get(ctx, text)).key.at(-1), text);
    }
  }],
  ["path: encoded spaces and non-ASCII letters are decoded", async (ctx) => {
    for (const text of ["a b", "ä-ö", "漢字 🚀"]) {
      await put(ctx, [text], "v");
      equal((await get(ctx, text)).key.at(-1), text);
    }
  }],
  ["strict: path: every encoded character is decoded, so that path and JSON name the same key", async (ctx) => {
    for (const text of ["ann@example.org", "50%", "a?b#c", "x&y=z", "a:b;c,d", "a+b", "$5"]) {
      await atomic(ctx, [set([...ctx.root, text], text)]);
      equal(await val(ctx, text), text, "written as JSON, read by path");
      equal((await get(ctx, text)).key.at(-1), text);
    }
  }],
  ["strict: path: an encoded slash belongs to its part", async (ctx) => {
    await put(ctx, ["a/b"], "v");
    equal((await get(ctx, "a/b")).key.at(-1), "a/b");
    equal((await ctx.api.ok("POST", "/keys/batch", { keys: [[...ctx.root, "a/b"]] }))[0].value, "v");
  }],
  ["strict: path: digits with leading zeros stay text", async (ctx) => {
    for (const text of ["0001", "007", "-0", "00"]) {
      await put(ctx, [text], "v");
      equal((await get(ctx, text)).key.at(-1), text);
    }
  }],
  ["path: no parts, more than 20 parts and parts of more than 1024 characters are refused", async (ctx) => {
    await ctx.api.refused("PUT", "/keys/", 1, { needle: "Key path cannot be empty" });
    const deep = (n) => "/keys/" + [...ctx.root, ...Array(n - ctx.root.length).fill("d")].join("/");
    await ctx.api.ok("PUT", deep(20), 1);
    await ctx.api.refused("PUT", deep(21), 1, { needle: "Key path too deep (max 20 parts)" });
    await put(ctx, ["x".repeat(1024)], 1);
    await ctx.api.refused("PUT", path(ctx, "x".repeat(1025)), 1, { needle: "Key part too long (max 1024 chars)" });
  }],

  // ---- expiry ------------------------------------------------------------------------------
  ["expiry: the value is there, then gone from get, batch, list and count", async (ctx) => {
    await put(ctx, ["a"], 1, "?expiresIn=2000");
    await put(ctx, ["b"], 2);
    equal(await val(ctx, "a"), 1);
    await sleep(3200);
    equal(await get(ctx, "a"), null, "get");
    equal((await ctx.api.ok("POST", "/keys/batch", { keys: [[...ctx.root, "a"]] }))[0].versionstamp, null, "batch");
    equal((await list(ctx)).length, 1, "list");
    equal(await ctx.api.ok("GET", "/keys/count?prefix=" + pre(ctx)), { count: 1 });
    assert((await atomic(ctx, [set([...ctx.root, "a"], 3)], [{ key: [...ctx.root, "a"], versionstamp: null }])).ok, "counts as missing in a check");
  }],
  ["expiry: putting again without expiresIn makes the value permanent", async (ctx) => {
    await put(ctx, ["a"], 1, "?expiresIn=1500");
    await put(ctx, ["a"], 2);
    await sleep(2600);
    equal(await val(ctx, "a"), 2);
  }],
  ["expiry: zero, negative and non-numeric times are refused", async (ctx) => {
    for (const t of ["0", "-1", "soon"]) await ctx.api.refused("PUT", path(ctx, "a") + "?expiresIn=" + t, 1, { needle: "expiresIn must be a positive number" });
    equal(await get(ctx, "a"), null);
  }],
  ["strict: expiry: times below a second count too", async (ctx) => {
    await put(ctx, ["a"], 1, "?expiresIn=700");
    equal(await val(ctx, "a"), 1, "at once");
    await sleep(1100);
    equal(await get(ctx, "a"), null, "after 1.1 s");
  }],
  ["strict: expiry: \"1h\" is one hour or refused, never one millisecond", async (ctx) => {
    const r = await ctx.api.request("PUT", path(ctx, "a") + "?expiresIn=1h", 1);
    if (r.status === 200) equal(await val(ctx, "a"), 1);
    else equal(r.status, 400);
  }],

  // ---- batch -------------------------------------------------------------------------------
  ["batch: keeps order, repeats and gaps", async (ctx) => {
    await fill(ctx, { a: 1, b: 2 });
    const k = (x) => [...ctx.root, x];
    const r = await ctx.api.ok("POST", "/keys/batch", { keys: [k("b"), k("none"), k("a"), k("b")] });
    equal(r.map((e) => [e.key, e.value]), [[k("b"), 2], [k("none"), null], [k("a"), 1], [k("b"), 2]]);
    equal(r[1].versionstamp, null);
  }],
  ["batch: bad keys are refused with the index of the key", async (ctx) => {
    const bad = (keys, needle) => ctx.api.refused("POST", "/keys/batch", { keys }, { needle });
    await bad("x", "Keys must be an array of key arrays, received string");
    await bad([], "Keys array cannot be empty");
    await bad(Array(1001).fill(["a"]), "Too many keys: 1001 (max 1000)");
    await bad([["a"], []], "Invalid key at index 1: Key cannot be empty");
    await bad([["a", null]], "Invalid key at index 0: Invalid key part at index 1");
    await bad([["a", {}]], "Invalid key at index 0: Invalid key part at index 1");
    await bad([Array(21).fill("a")], "Key too deep: 21 parts (max 20)");
    await bad([["x".repeat(1025)]], "Key part at index 0 too long: 1025 chars (max 1024)");
  }],

  // ---- delete ------------------------------------------------------------------------------
  ["delete: takes the key and all below it, and counts them", async (ctx) => {
    await fill(ctx, { u: 1, v: 1 });
    await put(ctx, ["u", "p"], 1);
    await put(ctx, ["u", 5, "x"], 1);
    equal(await ctx.api.ok("DELETE", path(ctx, "u")), { deletedCount: 3 });
    equal(tail(ctx, await list(ctx)), [["v"]]);
    equal(await ctx.api.ok("DELETE", path(ctx, "u")), { deletedCount: 0 });
  }],
  ["delete: exact leaves the children", async (ctx) => {
    await put(ctx, ["u"], 1);
    await put(ctx, ["u", "p"], 1);
    equal(await ctx.api.ok("DELETE", path(ctx, "u"), { exact: true }), { deletedCount: 1 });
    equal(tail(ctx, await list(ctx)), [["u", "p"]]);
    equal(await ctx.api.ok("DELETE", path(ctx, "u"), { exact: true }), { deletedCount: 0 });
  }],
  ["delete: where limits it, with exact too", async (ctx) => {
    await fill(ctx, { a: { s: "x" }, b: { s: "y" }, c: { s: "x" } });
    equal(await ctx.api.ok("DELETE", path(ctx), { where: { s: "x" } }), { deletedCount: 2 });
    equal(names(await list(ctx)), "b");
    equal(await ctx.api.ok("DELETE", path(ctx, "b"), { exact: true, where: { s: "x" } }), { deletedCount: 0 });
    equal(await ctx.api.ok("DELETE", path(ctx, "b"), { exact: true, where: { s: "y" } }), { deletedCount: 1 });
  }],
  ["delete-batch: sums the counts of its keys", async (ctx) => {
    await put(ctx, ["a", 1], { s: "x" });
    await put(ctx, ["a", 2], { s: "y" });
    await put(ctx, ["b"], { s: "x" });
    await put(ctx, ["c"], { s: "x" });
    const k = (...x) => [...ctx.root, ...x];
    equal(await ctx.api.ok("POST", "/keys/delete-batch", { keys: [k("a"), k("b")], where: { s: "x" } }), { deletedCount: 2 });
    equal(await ctx.api.ok("POST", "/keys/delete-batch", { keys: [k("a")], exact: true }), { deletedCount: 0 });
    equal(await ctx.api.ok("POST", "/keys/delete-batch", { keys: [k("a"), k("c"), k("none")] }), { deletedCount: 2 });
    await ctx.api.refused("POST", "/keys/delete-batch", { keys: [] }, { needle: "Keys array cannot be empty" });
  }],
  ["strict: delete: lookalike siblings survive", async (ctx) => {
    await fill(ctx, { user: 1, users: 2, user2: 3 });
    await put(ctx, ["user", 1], 1);
    await put(ctx, ["users", 1], 1);
    equal(await ctx.api.ok("DELETE", path(ctx, "user")), { deletedCount: 2 });
    equal(tail(ctx, await list(ctx)), [["user2"], ["users"], ["users", 1]]);
  }],
  ["strict: delete: a body that cannot be understood deletes nothing", async (ctx) => {
    await fill(ctx, { a: { x: 1 }, b: { x: 2 } });
    const bodies = [
      { raw: '{"where": {"x":' }, { where: null }, { where: "x" }, { where: [] }, { where: { x: { $eqq: 1 } } },
      { where: { x: { $gt: 0, $bogus: 1 } } }, { where: { $or: [] } }, { where: { $nor: [{ x: 1 }] } }, { where: { x: { $in: "x" } } },
      { where: { x: { $between: [1] } } }, { exact: "yes" },
    ];
    for (const b of bodies) {
      const r = await ctx.api.request("DELETE", path(ctx), b);
      assert(r.status === 400, `${JSON.stringify(b)}: status ${r.status} ${r.text}`);
      equal((await list(ctx)).length, 2, JSON.stringify(b));
    }
  }],
  ["strict: delete: a filter sent without a JSON content type is not ignored", async (ctx) => {
    await fill(ctx, { a: { x: 1 }, b: { x: 2 } });
    await ctx.api.request("DELETE", path(ctx), { raw: '{"where":{"x":1}}', type: "text/plain" });
    assert((await list(ctx)).some((e) => e.key.at(-1) === "b"), "b must survive");
  }],

  // ---- list, count, paginate ---------------------------------------------------------------
  ["list: descendants of the prefix in key order, without the prefix itself", async (ctx) => {
    await put(ctx, ["p"], 0);
    await put(ctx, ["p", "b"], 1);
    await put(ctx, ["p", "a", "x"], 2);
    await put(ctx, ["p", "a"], 3);
    await put(ctx, ["q"], 4);
    equal(tail(ctx, await list(ctx, ["p"])), [["p", "a"], ["p", "a", "x"], ["p", "b"]]);
  }],
  ["list: numbers are ordered by value", async (ctx) => {
    const nums = [-20, -10, -2, -1, 0, 1, 2, 3, 10, 20, 100, 9007199254740991];
    await atomic(ctx, [...nums, 1.5, -0.5].sort(() => 0.5 - Math.random()).map((n) => set([...ctx.root, n], n)));
    equal((await list(ctx)).map((e) => e.value), [-20, -10, -2, -1, -0.5, 0, 1, 1.5, 2, 3, 10, 20, 100, 9007199254740991]);
  }],
  ["list: text before numbers before booleans", async (ctx) => {
    await atomic(ctx, [true, false, 5, "z", "a"].map((p) => set([...ctx.root, p], 1)));
    equal((await list(ctx)).map((e) => e.key.at(-1)), ["a", "z", 5, false, true]);
  }],
  ["list: limit, reverse, start and end", async (ctx) => {
    await fill(ctx, { a: 1, b: 2, c: 3, d: 4 });
    const q = (s) => list(ctx, [], s).then(names);
    equal((await list(ctx, [], "&limit=2")).map((e) => e.value), [1, 2]);
    equal((await list(ctx, [], "&reverse=true&limit=3")).map((e) => e.value), [4, 3, 2]);
    equal(await q("&start=" + pre(ctx, "b")), "b c d");
    equal(await q("&end=" + pre(ctx, "c")), "a b");
    equal(await q(`&start=${pre(ctx, "b")}&end=${pre(ctx, "d")}`), "b c");
  }],
  ["list: POST does the same with keys as JSON", async (ctx) => {
    await fill(ctx, { a: 1, b: 2, c: 3, d: 4 });
    const r = await ctx.api.ok("POST", "/keys/list", { prefix: ctx.root, start: [...ctx.root, "b"], end: [...ctx.root, "d"], reverse: true, limit: 5 });
    equal(r.map((e) => e.value), [3, 2]);
    assert(stampOk(r[0].versionstamp), "versionstamp");
    equal((await ctx.api.ok("POST", "/keys/list", { limit: 1 })).length, 1, "without a prefix");
  }],
  ["list: 100 entries by default, 1000 at most", async (ctx) => {
    await atomic(ctx, Array.from({ length: 1005 }, (_, i) => set([...ctx.root, i], i)));
    equal((await list(ctx)).length, 100);
    equal((await list(ctx, [], "&limit=5000")).length, 1000);
    equal((await ctx.api.ok("POST", "/keys/list", { prefix: ctx.root, limit: 5000 })).length, 1000);
    equal(await ctx.api.ok("GET", "/keys/count?prefix=" + pre(ctx)), { count: 1005 });
  }],
  ["list: a bad limit is refused", async (ctx) => {
    for (const l of ["0", "-3", "x"]) await ctx.api.refused("GET", `/keys?limit=${l}`, undefined, { needle: "limit must be a positive number" });
  }],
  ["strict: list, count and paginate: lookalike siblings are not included", async (ctx) => {
    await put(ctx, ["user", 1], 1);
    await put(ctx, ["users", 1], 2);
    await put(ctx, ["user2"], 3);
    equal((await list(ctx, ["user"])).map((e) => e.value), [1]);
    equal(await ctx.api.ok("GET", "/keys/count?prefix=" + pre(ctx, "user")), { count: 1 });
    equal((await ctx.api.ok("GET", "/keys/paginate?prefix=" + pre(ctx, "user"))).entries.length, 1);
  }],
  ["strict: list: POST with the empty prefix lists everything", async (ctx) => {
    await put(ctx, ["a"], 1);
    assert((await ctx.api.ok("POST", "/keys/list", { prefix: [], limit: 1 })).length === 1, "one entry");
  }],
  ["count: descendants only; all without a prefix", async (ctx) => {
    await put(ctx, ["p"], 0);
    await put(ctx, ["p", 1], 0);
    await put(ctx, ["p", 2], 0);
    equal(await ctx.api.ok("GET", "/keys/count?prefix=" + pre(ctx, "p")), { count: 2 });
    assert((await ctx.api.ok("GET", "/keys/count")).count >= 3, "all");
  }],
  ["paginate: walks all pages once, forwards and in reverse", async (ctx) => {
    await atomic(ctx, Array.from({ length: 7 }, (_, i) => set([...ctx.root, i], i)));
    for (const reverse of [false, true]) {
      const seen = [], more = [];
      let cursor;
      for (let i = 0; i < 9; i++) {
        const q = `?prefix=${pre(ctx)}&limit=3&reverse=${reverse}` + (cursor ? "&cursor=" + enc(cursor) : "");
        const page = await ctx.api.ok("GET", "/keys/paginate" + q);
        equal(Object.keys(page).sort(), ["cursor", "entries", "hasMore"]);
        seen.push(...page.entries.map((e) => e.value));
        more.push(page.hasMore);
        equal(page.cursor !== null, page.hasMore, "cursor exactly when there is more");
        if (!(cursor = page.cursor)) break;
      }
      equal(seen, reverse ? [6, 5, 4, 3, 2, 1, 0] : [0, 1, 2, 3, 4, 5, 6]);
      equal(more, [true, true, false]);
    }
  }],
  ["paginate: an exactly full last page says so", async (ctx) => {
    await fill(ctx, { a: 1, b: 2 });
    const p = await ctx.api.ok("GET", `/keys/paginate?prefix=${pre(ctx)}&limit=2`);
    equal([p.entries.length, p.hasMore, p.cursor], [2, false, null]);
  }],
  ["paginate: stays right while entries come and go", async (ctx) => {
    await fill(ctx, { a: 1, b: 2, c: 3, d: 4 });
    const p = await ctx.api.ok("GET", `/keys/paginate?prefix=${pre(ctx)}&limit=2`);
    await ctx.api.ok("DELETE", path(ctx, "b"));
    await put(ctx, ["aa"], 9);
    const q = await ctx.api.ok("GET", `/keys/paginate?prefix=${pre(ctx)}&limit=9&cursor=${enc(p.cursor)}`);
    equal(q.entries.map((e) => e.value), [3, 4]);
  }],
  ["strict: paginate: a cursor that was never given out is refused", async (ctx) => {
    await put(ctx, ["a"], 1);
    await ctx.api.refused("GET", `/keys/paginate?prefix=${pre(ctx)}&cursor=${enc("!!!")}`);
  }],

  // ---- where -------------------------------------------------------------------------------
  ...whereCases.map(([title, cases]) => ["where: " + title, async (ctx) => {
    await fill(ctx, people);
    for (const [w, want] of cases) equal(names(await where(ctx, w)), want, JSON.stringify(w));
  }]),
  ["where: works together with limit, reverse, start and end", async (ctx) => {
    await fill(ctx, people);
    equal((await where(ctx, { city: "SP" }, { limit: 1 })).map((e) => e.key.at(-1)), ["ann"]);
    equal((await where(ctx, { city: "SP" }, { reverse: true })).map((e) => e.key.at(-1)), ["cy", "ann"]);
    equal(names(await where(ctx, { age: { $gt: 0 } }, { start: [...ctx.root, "b"] })), "bob cy");
  }],
  ["strict: where: comparing with null finds null and missing", async (ctx) => {
    await fill(ctx, people);
    for (const [w, want] of [[{ note: null }, "ann dee"], [{ note: { $eq: null } }, "ann dee"], [{ note: { $ne: null } }, "bob cy"], [{ note: { $in: [null, "x"] } }, "ann cy dee"], [{ city: { $nin: [null, "SP"] } }, "bob"]]) {
      equal(names(await where(ctx, w)), want, JSON.stringify(w));
    }
  }],
  ["strict: where: $now understands the client's field «offset»", async (ctx) => {
    await fill(ctx, people);
    equal(names(await where(ctx, { at: { $lt: { $now: true, offset: -8.9e15 } } })), "");
    equal(names(await where(ctx, { at: { $lt: { $now: true, offset: 9e15 } } })), "ann bob");
  }],
  ["strict: where: values of another type do not match", async (ctx) => {
    await fill(ctx, { a: { v: 1 }, b: { v: "1" }, c: { v: true }, d: { v: { x: 1 } }, e: { v: [1] } });
    for (const [w, want] of [[{ v: 1 }, "a"], [{ v: "1" }, "b"], [{ v: true }, "c"], [{ v: { $gt: 0 } }, "a"], [{ v: { $gt: "" } }, "b"], [{ v: { $contains: "1" } }, "b"]]) {
      equal(names(await where(ctx, w)), want, JSON.stringify(w));
    }
  }],
  ["strict: where: case folding is not limited to ASCII", async (ctx) => {
    await fill(ctx, { a: { s: "ÜNÏ" }, b: { s: "uni" } });
    equal(names(await where(ctx, { s: { $containsi: "ün" } })), "a");
  }],
  ["strict: where: unknown operators and bad operands are 400", async (ctx) => {
    await put(ctx, ["a"], { x: 1 });
    for (const w of [{ x: { $bogus: 1 } }, { $nor: [] }, { x: { $in: "x" } }, { x: { $between: [1] } }, { $or: [] }, { x: { $eq: { y: 1 } } }, { x: { $contains: 5 } }, "x", 5, []]) {
      const r = await ctx.api.request("POST", "/keys/list", { prefix: ctx.root, where: w });
      equal(r.status, 400, JSON.stringify(w));
    }
  }],
  ["strict: where: field names cannot break out of the query", async (ctx) => {
    await put(ctx, ["mine"], { x: 1, "it's": 2 });
    for (const f of ["x') = 1 OR 1=1 --", "a'b", 'a"b', "x') OR 1=1 OR ('1", "a;b", "a\\b", "a]b", "a[b"]) {
      const r = await ctx.api.request("POST", "/keys/list", { prefix: [...ctx.root, "elsewhere"], where: { [f]: 1 } });
      assert(r.status < 500, `${f}: status ${r.status}`);
      if (r.status === 200) equal(r.json, [], f);
    }
  }],

  // ---- atomic ------------------------------------------------------------------------------
  ["atomic: set and delete together, one versionstamp for all", async (ctx) => {
    const k = (x) => [...ctx.root, x];
    await put(ctx, ["old"], 1);
    const r = await atomic(ctx, [set(k("a"), 1), set(k("b"), { x: 2 }), { type: "delete", key: k("old") }]);
    assert(r.ok === true && stampOk(r.versionstamp), "result");
    equal([(await get(ctx, "a")).versionstamp, (await get(ctx, "b")).versionstamp, await get(ctx, "old")], [r.versionstamp, r.versionstamp, null]);
  }],
  ["atomic: delete takes one key, not its children", async (ctx) => {
    await put(ctx, ["p"], 1);
    await put(ctx, ["p", "c"], 2);
    await atomic(ctx, [{ type: "delete", key: [...ctx.root, "p"] }]);
    equal(tail(ctx, await list(ctx)), [["p", "c"]]);
  }],
  ["atomic: nothing to do is a success", async (ctx) => {
    const r = await atomic(ctx, [], []);
    assert(r.ok === true && stampOk(r.versionstamp), "result");
  }],
  ["atomic: check null means must not exist", async (ctx) => {
    const key = [...ctx.root, "a"], go = () => atomic(ctx, [set(key, 1)], [{ key, versionstamp: null }]);
    assert((await go()).ok, "first");
    equal(await go(), { ok: false });
    await ctx.api.ok("DELETE", path(ctx, "a"));
    assert((await go()).ok, "after delete");
  }],
  ["atomic: a stale check answers 200 with ok false and writes nothing", async (ctx) => {
    const key = [...ctx.root, "a"];
    const old = await put(ctx, ["a"], 1);
    const now = await put(ctx, ["a"], 2);
    equal(await atomic(ctx, [set(key, 3), set([...ctx.root, "b"], 1)], [{ key, versionstamp: now.versionstamp }, { key, versionstamp: old.versionstamp }]), { ok: false });
    equal([await val(ctx, "a"), await get(ctx, "b")], [2, null]);
    assert((await atomic(ctx, [set(key, 3)], [{ key, versionstamp: now.versionstamp }])).ok, "current versionstamp");
  }],
  ["atomic: sum, max and min from nothing and from a number", async (ctx) => {
    const m = (type, x, value) => ({ type, key: [...ctx.root, x], value });
    await atomic(ctx, [m("sum", "s", 5), m("max", "hi", 5), m("min", "lo", 5)]);
    await atomic(ctx, [m("sum", "s", -8), m("sum", "s", 1), m("max", "hi", 3), m("max", "hi", 9), m("min", "lo", 7), m("min", "lo", -2)]);
    equal([await val(ctx, "s"), await val(ctx, "hi"), await val(ctx, "lo")], [-2, 9, -2]);
  }],
  ["atomic: operands may be tagged big integers or digits; fractions lose their fraction", async (ctx) => {
    const m = (value) => ({ type: "sum", key: [...ctx.root, "s"], value });
    await atomic(ctx, [m(big(3)), m("4"), m(1.9), m(big(-1))]);
    equal(await val(ctx, "s"), 7);
  }],
  ["atomic: append and prepend", async (ctx) => {
    const m = (type, value) => ({ type, key: [...ctx.root, "l"], value });
    await atomic(ctx, [m("append", [1, { a: 1 }]), m("prepend", ["x", "y"]), m("append", [[2]])]);
    equal(await val(ctx, "l"), ["x", "y", 1, { a: 1 }, [2]]);
  }],
  ["atomic: mutations run in order", async (ctx) => {
    const key = [...ctx.root, "a"];
    await atomic(ctx, [set(key, 1), { type: "sum", key, value: 4 }, { type: "delete", key }, { type: "sum", key, value: 2 }]);
    equal(await val(ctx, "a"), 2);
  }],
  ["atomic: expiresIn on set", async (ctx) => {
    await atomic(ctx, [set([...ctx.root, "a"], 1, { expiresIn: 2000 }), set([...ctx.root, "b"], 1)]);
    equal(await val(ctx, "a"), 1);
    await sleep(3200);
    equal([await get(ctx, "a"), await val(ctx, "b")], [null, 1]);
  }],
  ["atomic: bad operands and bad keys are refused", async (ctx) => {
    const bad = (m, needle) => ctx.api.refused("POST", "/atomic", { mutations: [set([...ctx.root, "x"], 1), m] }, { needle });
    const key = [...ctx.root, "a"];
    await bad({ type: "append", key, value: 1 }, "append value must be an array");
    await bad({ type: "prepend", key, value: "x" }, "prepend value must be an array");
    await bad({ type: "sum", key, value: "abc" }, "sum value is not a valid integer");
    await bad({ type: "max", key, value: null }, "max value must be a number, bigint, or numeric string");
    await bad({ type: "min", key }, "min value must be a number, bigint, or numeric string");
    await bad(set("x", 1), "Key must be an array");
    await bad(set([], 1), "Key cannot be empty");
    await bad(set(key, 1, { expiresIn: -1 }), "expiresIn must be a positive number");
    equal(await get(ctx, "x"), null, "nothing was written");
  }],
  ["atomic: 40 parallel sums all count", async (ctx) => {
    const key = [...ctx.root, "n"];
    await Promise.all(Array.from({ length: 40 }, () => atomic(ctx, [{ type: "sum", key, value: 1 }])));
    equal(await val(ctx, "n"), 40);
  }],
  ["atomic: parallel compare-and-set loops lose no update", async (ctx) => {
    const key = [...ctx.root, "n"];
    await put(ctx, ["n"], 0);
    await Promise.all(Array.from({ length: 6 }, async () => {
      for (let i = 0; i < 300; i++) {
        const e = await get(ctx, "n");
        if ((await atomic(ctx, [set(key, e.value + 1)], [{ key, versionstamp: e.versionstamp }])).ok) return;
      }
      throw new Error("never committed");
    }));
    equal(await val(ctx, "n"), 6);
  }],
  ["strict: atomic: unknown mutation types and a missing list are 400", async (ctx) => {
    await ctx.api.refused("POST", "/atomic", { mutations: [{ type: "frobnicate", key: [...ctx.root, "a"], value: 1 }] });
    await ctx.api.refused("POST", "/atomic", {});
    await ctx.api.refused("POST", "/atomic", { raw: "{" });
  }],
  ["strict: atomic: sum, max, min, append on a value of another kind are refused and change nothing", async (ctx) => {
    await put(ctx, ["t"], "text");
    for (const [type, value] of [["sum", 1], ["max", 1], ["min", 1], ["append", [1]], ["prepend", [1]]]) {
      await ctx.api.refused("POST", "/atomic", { mutations: [set([...ctx.root, "x"], 1), { type, key: [...ctx.root, "t"], value }] }, { status: [400, 409, 422] });
    }
    equal([await val(ctx, "t"), await get(ctx, "x")], ["text", null]);
  }],
  ["strict: atomic: sums stay exact beyond 2^53", async (ctx) => {
    const m = (value) => ({ type: "sum", key: [...ctx.root, "n"], value });
    await atomic(ctx, [m("9007199254740993")]);
    await atomic(ctx, [m("2")]);
    const v = await val(ctx, "n");
    equal(v?.__type === "bigint" ? v.value : JSON.stringify(v), "9007199254740995");
  }],
  ["strict: values: a tagged big integer comes back tagged and breaks no list", async (ctx) => {
    await put(ctx, ["n"], { deep: [big("123456789012345678901")] });
    equal(await val(ctx, "n"), { deep: [big("123456789012345678901")] });
    equal((await list(ctx)).length, 1);
  }],

  // ---- watch -------------------------------------------------------------------------------
  ["watch: first the current entries, then changes, then null for a deletion", async (ctx) => {
    const r = await put(ctx, ["a"], 1);
    const s = await ctx.api.events(`/watch?keys=${pre(ctx, "a")},${pre(ctx, "b")}`);
    try {
      const first = await s.next();
      equal(first.event, "change");
      equal(first.json, [{ key: [...ctx.root, "a"], value: 1, versionstamp: r.versionstamp }, { key: [...ctx.root, "b"], value: null, versionstamp: null }]);
      const r2 = await put(ctx, ["b"], { x: 1 });
      equal((await s.next()).json, [{ key: [...ctx.root, "b"], value: { x: 1 }, versionstamp: r2.versionstamp }]);
      await ctx.api.ok("DELETE", path(ctx, "a"), { exact: true });
      equal((await s.next()).json, [{ key: [...ctx.root, "a"], value: null, versionstamp: null }]);
    } finally {
      s.close();
    }
  }],
  ["watch: writes through atomic are seen", async (ctx) => {
    await put(ctx, ["a"], 1);
    const s = await ctx.api.events("/watch?keys=" + pre(ctx, "a"));
    try {
      await s.next();
      await atomic(ctx, [{ type: "sum", key: [...ctx.root, "a"], value: 4 }]);
      equal((await s.next()).json[0].value, 5);
    } finally {
      s.close();
    }
  }],
  ["watch/prefix: current entries, new ones, changed ones and deleted ones", async (ctx) => {
    await put(ctx, ["a"], 1);
    const s = await ctx.api.events("/watch/prefix?prefix=" + pre(ctx));
    try {
      equal(tail(ctx, (await s.next()).json), [["a"]]);
      await put(ctx, ["b", "c"], 2);
      equal((await s.next()).json.map((e) => [e.key.slice(ctx.root.length), e.value]), [[["b", "c"], 2]]);
      await put(ctx, ["a"], 3);
      equal((await s.next()).json.map((e) => e.value), [3]);
      await ctx.api.ok("DELETE", path(ctx, "b"));
      equal((await s.next()).json.map((e) => [e.key.slice(ctx.root.length), e.value, e.versionstamp]), [[["b", "c"], null, null]]);
    } finally {
      s.close();
    }
  }],
  ["watch/poll: gives what differs from the versionstamps sent", async (ctx) => {
    const r = await put(ctx, ["a"], 1);
    const url = `/watch/poll?keys=${pre(ctx, "a")},${pre(ctx, "b")}`;
    const p = await ctx.api.ok("GET", url);
    equal(p, { entries: [{ key: [...ctx.root, "a"], value: 1, versionstamp: r.versionstamp }], versionstamps: [r.versionstamp, ""] });
    equal((await ctx.api.ok("GET", `${url}&versionstamps=${p.versionstamps.join(",")}`)).entries, []);
    await ctx.api.ok("DELETE", path(ctx, "a"));
    equal(await ctx.api.ok("GET", `${url}&versionstamps=${p.versionstamps.join(",")}`), { entries: [{ key: [...ctx.root, "a"], value: null, versionstamp: null }], versionstamps: ["", ""] });
  }],
  ["watch/prefix/poll: the same for a prefix; the state is handed back as one text", async (ctx) => {
    await put(ctx, ["a"], 1);
    await put(ctx, ["b"], 2);
    const url = "/watch/prefix/poll?prefix=" + pre(ctx);
    const p = await ctx.api.ok("GET", url);
    equal(p.entries.map((e) => e.value), [1, 2]);
    assert(typeof p.versionstamps === "string" && p.versionstamps, "versionstamps");
    equal((await ctx.api.ok("GET", `${url}&versionstamps=${enc(p.versionstamps)}`)).entries, []);
    await put(ctx, ["b"], 3);
    await put(ctx, ["c"], 4);
    await ctx.api.ok("DELETE", path(ctx, "a"));
    const q = await ctx.api.ok("GET", `${url}&versionstamps=${enc(p.versionstamps)}`);
    equal(q.entries.map((e) => e.value).sort(), [3, 4, null]);
  }],
  ["watch: the keys or the prefix must be named", async (ctx) => {
    for (const [p, n] of [["/watch", "keys"], ["/watch/poll", "keys"], ["/watch/prefix", "prefix"], ["/watch/prefix/poll", "prefix"]]) {
      await ctx.api.refused("GET", p, undefined, { needle: `Missing '${n}' query parameter` });
    }
  }],
  ["strict: watch: initial=false keeps quiet until something changes", async (ctx) => {
    await put(ctx, ["a"], 1);
    for (const p of ["/watch?initial=false&keys=" + pre(ctx, "a"), "/watch/prefix?initial=false&prefix=" + pre(ctx)]) {
      const s = await ctx.api.events(p);
      try {
        assert(await s.quiet(700), p + ": must not report what was there before");
        await put(ctx, ["a"], Math.random());
        equal(tail(ctx, (await s.next()).json), [["a"]]);
      } finally {
        s.close();
      }
    }
  }],
  ["strict: watch/prefix: deleted keys keep the types of their parts", async (ctx) => {
    await put(ctx, [5], 1);
    const s = await ctx.api.events("/watch/prefix?prefix=" + pre(ctx));
    try {
      await s.next();
      await ctx.api.ok("DELETE", path(ctx, 5));
      equal((await s.next()).json[0].key.at(-1), 5);
    } finally {
      s.close();
    }
  }],
  ["strict: watch/prefix: the key of the prefix itself is watched too", async (ctx) => {
    await put(ctx, ["p"], 1);
    equal((await ctx.api.ok("GET", "/watch/prefix/poll?prefix=" + pre(ctx, "p"))).entries.map((e) => e.value), [1]);
  }],
  ["strict: watch/prefix: the client's parameter «prefixes» works, with several prefixes", async (ctx) => {
    await put(ctx, ["a", 1], 1);
    await put(ctx, ["b", 1], 2);
    await put(ctx, ["c", 1], 3);
    const r = await ctx.api.ok("GET", `/watch/prefix/poll?prefixes=${pre(ctx, "a")},${pre(ctx, "b")}`);
    equal(r.entries.map((e) => e.value), [1, 2]);
  }],
  ["strict: watch/poll: an empty versionstamp keeps its place", async (ctx) => {
    const r = await put(ctx, ["b"], 1);
    const p = await ctx.api.ok("GET", `/watch/poll?keys=${pre(ctx, "a")},${pre(ctx, "b")}&versionstamps=,${r.versionstamp}`);
    equal(p.entries, []);
  }],

  // ---- queue (uses the server's one queue: point the runner at a server of its own) ---------
  ["queue: enqueue, poll, ack", async (ctx) => {
    await drain(ctx);
    const r = await enqueue(ctx, { a: [1] });
    assert(r.ok === true && stampOk(r.id), "result");
    equal(await poll(ctx), { id: r.id, value: { a: [1] }, attempts: 1 });
    equal(await poll(ctx), null, "locked");
    equal(await settle(ctx, "ack", r.id), { ok: true });
    equal(await poll(ctx), null);
  }],
  ["queue: first in, first out", async (ctx) => {
    await drain(ctx);
    for (let i = 0; i < 4; i++) {
      await enqueue(ctx, i);
      await sleep(5);
    }
    for (let i = 0; i < 4; i++) {
      const m = await poll(ctx);
      equal(m.value, i);
      await settle(ctx, "ack", m.id);
    }
  }],
  ["queue: delay holds a message back", async (ctx) => {
    await drain(ctx);
    await enqueue(ctx, "later", { delay: 500 });
    equal(await poll(ctx), null);
    const m = await pollUntil(ctx, 3000);
    equal(m?.value, "later");
    await settle(ctx, "ack", m.id);
  }],
  ["queue: nack brings the message back after the backoff, with a higher attempt", async (ctx) => {
    await drain(ctx);
    const { id } = await enqueue(ctx, "x", { backoffSchedule: [300, 300] });
    const m = await poll(ctx);
    await settle(ctx, "nack", m.id);
    equal(await poll(ctx), null, "not at once");
    const n = await pollUntil(ctx, 3000);
    equal(n, { id, value: "x", attempts: 2 });
    await settle(ctx, "ack", id);
  }],
  ["queue: after the last attempt the message is in the dead letter queue and under its fallback keys", async (ctx) => {
    await drain(ctx);
    await ctx.api.ok("DELETE", "/queue/dlq");
    const { id } = await enqueue(ctx, { job: 1 }, { backoffSchedule: [50], keysIfUndelivered: [[...ctx.root, "f1"], [...ctx.root, "f2"]] });
    for (let i = 1; i <= 2; i++) {
      const m = await pollUntil(ctx, 3000);
      equal(m?.attempts, i);
      await settle(ctx, "nack", id);
    }
    equal(await poll(ctx), null);
    equal([await val(ctx, "f1"), await val(ctx, "f2")], [{ job: 1 }, { job: 1 }]);
    const [d] = await ctx.api.ok("GET", "/queue/dlq");
    equal(Object.keys(d).sort(), ["attempts", "errorMessage", "failedAt", "id", "originalCreatedAt", "originalId", "value"]);
    equal([d.originalId, d.value, d.attempts, d.errorMessage], [id, { job: 1 }, 2, "Max attempts exceeded"]);
    assert(d.failedAt >= d.originalCreatedAt && d.failedAt > 1.6e12, "times in milliseconds");
    equal(await ctx.api.ok("GET", "/queue/dlq/" + d.id), d);
  }],
  ["queue: dead letters can be requeued, deleted and purged", async (ctx) => {
    await drain(ctx);
    await ctx.api.ok("DELETE", "/queue/dlq");
    for (const v of ["a", "b", "c"]) {
      await enqueue(ctx, v, { backoffSchedule: [] });
      await settle(ctx, "nack", (await poll(ctx)).id);
    }
    const dead = await ctx.api.ok("GET", "/queue/dlq");
    equal(dead.length, 3);
    equal((await ctx.api.ok("GET", "/queue/dlq?limit=1&offset=1")).length, 1);
    const r = await ctx.api.ok("POST", `/queue/dlq/${dead[0].id}/requeue`);
    assert(r.ok === true && stampOk(r.newId), "requeue");
    const m = await poll(ctx);
    equal([m.id, m.value, m.attempts], [r.newId, dead[0].value, 1]);
    await settle(ctx, "ack", m.id);
    equal(await ctx.api.ok("DELETE", "/queue/dlq/" + dead[1].id), { ok: true });
    equal(await ctx.api.ok("DELETE", "/queue/dlq"), { deletedCount: 1 });
    equal(await ctx.api.ok("GET", "/queue/dlq"), []);
    await ctx.api.refused("GET", "/queue/dlq/none", undefined, { status: 404, needle: "Message not found in DLQ" });
    await ctx.api.refused("POST", "/queue/dlq/none/requeue", undefined, { status: 404, needle: "Message not found in DLQ" });
  }],
  ["queue: stats count what waits, what is out and what is dead", async (ctx) => {
    await drain(ctx);
    await ctx.api.ok("DELETE", "/queue/dlq");
    const before = await ctx.api.ok("GET", "/queue/stats");
    equal(Object.keys(before).sort(), ["dlq", "pending", "processing", "total"]);
    await enqueue(ctx, 1);
    await enqueue(ctx, 2, { delay: 3600_000 });
    const m = await poll(ctx);
    const s = await ctx.api.ok("GET", "/queue/stats");
    equal([s.pending - before.pending, s.processing - before.processing, s.total - before.total], [1, 1, 2]);
    await settle(ctx, "ack", m.id);
  }],
  ["queue: settling needs an id; settling twice is no error", async (ctx) => {
    for (const how of ["ack", "nack"]) for (const b of [{}, { id: "" }, { id: 5 }]) {
      await ctx.api.refused("POST", "/queue/" + how, b, { needle: "id must be a non-empty string" });
    }
    equal(await settle(ctx, "ack", "unknown-id"), { ok: true });
    equal(await settle(ctx, "nack", "unknown-id"), { ok: true });
  }],
  ["queue/listen: messages arrive as events and stay locked until settled", async (ctx) => {
    await drain(ctx);
    const s = await ctx.api.events("/queue/listen");
    try {
      const { id } = await enqueue(ctx, { via: "sse" });
      const e = await s.next();
      equal([e.event, e.id, e.json], ["message", id, { id, value: { via: "sse" }, attempts: 1 }]);
      equal(await poll(ctx), null);
      await settle(ctx, "ack", id);
    } finally {
      s.close();
    }
    await sleep(300);
    await drain(ctx);
  }],
  ["queue: a lock that runs out frees the message", async (ctx) => {
    if (!ctx.lockMs) skip("give --lock-ms N for a server whose lock lasts N ms and whose cleanup runs at least that often");
    await drain(ctx);
    const { id } = await enqueue(ctx, "x");
    await poll(ctx);
    const m = await pollUntil(ctx, ctx.lockMs * 4 + 2000);
    equal([m?.id, m?.attempts], [id, 2]);
    await settle(ctx, "ack", id);
  }],
  ["strict: queue: bad options are 400", async (ctx) => {
    for (const options of [{ delay: -5 }, { delay: "x" }, { backoffSchedule: "x" }, { backoffSchedule: [-1] }, { keysIfUndelivered: [[]] }]) {
      await ctx.api.refused("POST", "/queue/enqueue", { value: 1, options });
    }
    await ctx.api.refused("POST", "/queue/enqueue", { raw: "{" });
    await drain(ctx);
  }],

  // ---- full-text search --------------------------------------------------------------------
  ["search: an index finds what is put after its creation, and only that", async (ctx) => {
    await put(ctx, ["old"], { title: "typescript before" });
    await index(ctx);
    try {
      equal(await search(ctx, "typescript"), "p1");
      equal(await search(ctx, "SPORT"), "p2");
      equal(await search(ctx, "guide typescript"), "p1", "all words must occur, in any field");
      equal(await search(ctx, "guide sport"), "");
      equal(await search(ctx, "pub"), "", "fields that are not indexed");
      const [e] = await ctx.api.ok("GET", `/search?prefix=${pre(ctx)}&query=sport`);
      equal([e.key, e.value], [[...ctx.root, "p2"], posts.p2]);
      assert(stampOk(e.versionstamp), "versionstamp");
    } finally {
      await unindex(ctx);
    }
  }],
  ["search: follows changes and deletions", async (ctx) => {
    await index(ctx);
    try {
      await put(ctx, ["p2"], { title: "quiet", body: "" });
      equal(await search(ctx, "sport"), "");
      equal(await search(ctx, "quiet"), "p2");
      await ctx.api.ok("DELETE", path(ctx, "p2"));
      equal(await search(ctx, "quiet"), "");
      await ctx.api.ok("DELETE", path(ctx));
      equal(await search(ctx, "guide"), "");
    } finally {
      await unindex(ctx);
    }
  }],
  ["search: where and limit", async (ctx) => {
    await index(ctx);
    try {
      await put(ctx, ["p4"], { title: "typescript again", status: "draft" });
      const q = (options) => ctx.api.ok("POST", "/search", { prefix: ctx.root, query: "typescript", options });
      equal(names(await q()), "p1 p4");
      equal(names(await q({ where: { status: "draft" } })), "p4");
      equal((await q({ limit: 1 })).length, 1);
    } finally {
      await unindex(ctx);
    }
  }],
  ["search: nested fields can be indexed", async (ctx) => {
    await index(ctx, { fields: ["title", "author.name"] });
    try {
      equal(await search(ctx, "Zoë"), "p3");
    } finally {
      await unindex(ctx);
    }
  }],
  ["indexes: create, list, replace, remove", async (ctx) => {
    const mine = async () => (await ctx.api.ok("GET", "/indexes")).filter((i) => same(i.prefix, ctx.root)).map((i) => [i.fields, i.tokenize]);
    equal(await ctx.api.ok("POST", "/indexes", { prefix: ctx.root, options: { fields: ["a", "b"] } }), { ok: true });
    equal(await mine(), [[["a", "b"], "unicode61"]]);
    await ctx.api.ok("POST", "/indexes", { prefix: ctx.root, options: { fields: ["c"], tokenize: "porter" } });
    equal(await mine(), [[["c"], "porter"]]);
    equal(await ctx.api.ok("DELETE", "/indexes?prefix=" + pre(ctx)), { ok: true });
    equal(await mine(), []);
  }],
  ["search and indexes: what is missing is named", async (ctx) => {
    await ctx.api.refused("POST", "/indexes", { prefix: ctx.root, options: {} }, { needle: "options.fields must be a non-empty array" });
    await ctx.api.refused("POST", "/indexes", { prefix: ctx.root, options: { fields: [] } }, { needle: "At least one field must be specified" });
    await ctx.api.refused("DELETE", "/indexes", undefined, { needle: "Missing 'prefix' query parameter" });
    await ctx.api.refused("GET", "/search?query=x", undefined, { needle: "Missing 'prefix' query parameter" });
    await ctx.api.refused("GET", "/search?prefix=x", undefined, { needle: "Missing 'query' query parameter" });
    await ctx.api.refused("POST", "/search", { query: "x" }, { needle: "prefix is required" });
    await ctx.api.refused("POST", "/search", { prefix: ["x"] }, { needle: "query is required" });
  }],
  ["strict: search: the porter tokenizer matches other forms of a word", async (ctx) => {
    await index(ctx, { tokenize: "porter" });
    try {
      for (const q of ["run", "runs", "running"]) equal(await search(ctx, q), "p1 p2", q);
    } finally {
      await unindex(ctx);
    }
  }],
  ["strict: search: words are matched as words, and accents do not matter by default", async (ctx) => {
    await index(ctx, { fields: ["title", "body", "author.name"] });
    try {
      equal(await search(ctx, "type"), "p3");
      equal(await search(ctx, "zoe"), "p3");
    } finally {
      await unindex(ctx);
    }
  }],
  ["strict: search: what atomic writes and deletes is indexed", async (ctx) => {
    await index(ctx);
    try {
      await atomic(ctx, [set([...ctx.root, "z"], { title: "zebra" }), { type: "delete", key: [...ctx.root, "p2"] }]);
      equal([await search(ctx, "zebra"), await search(ctx, "sport")], ["z", ""]);
    } finally {
      await unindex(ctx);
    }
  }],
  ["strict: search: any text is a valid query", async (ctx) => {
    await index(ctx);
    try {
      for (const q of ['"', "*", "a-b", "x'y", "c++", "title:", "(", "AND", "NEAR(", "^a", "   x"]) {
        const r = await ctx.api.request("GET", `/search?prefix=${pre(ctx)}&query=${enc(q)}`);
        assert(r.status === 200, `${q}: status ${r.status}`);
      }
    } finally {
      await unindex(ctx);
    }
  }],
  ["strict: search: no index is 404, an unknown tokenizer 400", async (ctx) => {
    await ctx.api.refused("GET", `/search?prefix=${pre(ctx, "noindex")}&query=x`, undefined, { status: [400, 404] });
    await ctx.api.refused("POST", "/indexes", { prefix: ctx.root, options: { fields: ["a"], tokenize: "bogus" } });
  }],
  ["strict: search and indexes: the flat bodies of the public client work", async (ctx) => {
    await ctx.api.ok("POST", "/indexes", { prefix: ctx.root, fields: ["title"], tokenize: "unicode61" });
    try {
      await put(ctx, ["a"], { title: "hello", s: 1 });
      await put(ctx, ["b"], { title: "hello", s: 2 });
      equal(names(await ctx.api.ok("POST", "/search", { prefix: ctx.root, query: "hello", where: { s: 2 }, limit: 5 })), "b");
    } finally {
      await unindex(ctx);
    }
  }],

  // ---- metrics and the rest ----------------------------------------------------------------
  ["metrics: JSON", async (ctx) => {
    await put(ctx, ["a"], 1);
    const m = await ctx.api.ok("GET", "/metrics");
    const ops = m.operations.operations ?? m.operations;
    for (const f of ["count", "errors", "avgLatencyMs"]) equal(typeof ops.set?.[f], "number", "operations.set." + f);
    for (const f of ["pending", "processing", "dlq", "total"]) equal(typeof m.queue[f], "number", "queue." + f);
    assert(m.storage.entries > 0 && m.storage.sizeBytes > 0, "storage");
  }],
  ["metrics: Prometheus text", async (ctx) => {
    await put(ctx, ["a"], 1);
    const r = await ctx.api.request("GET", "/metrics/prometheus");
    equal(r.status, 200);
    assert(r.type.startsWith("text/plain"), r.type);
    for (const n of ["keyval_operations_total{operation=\"set\"}", "keyval_operation_duration_ms_bucket{operation=\"set\",le=\"+Inf\"}", "keyval_operation_duration_ms_sum", "keyval_operation_duration_ms_count", "keyval_queue_pending", "keyval_queue_processing", "keyval_queue_dlq", "keyval_queue_total", "keyval_entries_total", "keyval_storage_bytes", "# TYPE keyval_errors_total counter"]) {
      assert(r.text.includes(n), "missing " + n);
    }
  }],
  ["other: an unknown path is 404", async (ctx) => {
    equal((await ctx.api.request("GET", "/no/such/thing")).status, 404);
  }],
  ["strict: other: bodies that are no JSON are 400 everywhere", async (ctx) => {
    for (const p of ["/keys/batch", "/keys/list", "/keys/delete-batch", "/atomic", "/queue/enqueue", "/queue/ack", "/indexes", "/search"]) {
      await ctx.api.refused("POST", p, { raw: "{nope" });
    }
  }],
];
