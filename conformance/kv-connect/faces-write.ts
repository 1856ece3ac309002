// Writes what Java and REST are to read. The address of the database is the first argument.
const kv = await Deno.openKv(Deno.args[0]);

const commit = await kv.atomic()
  .set(["written", "object"], { name: "Ann", age: 41, tags: ["a", "b"] })
  .set(["written", "map"], new Map([["k", 1]]))
  .set(["written", "set"], new Set([1.5]))
  .set(["written", "date"], new Date(0))
  .set(["written", "bigint"], -(2n ** 70n))
  .set(["written", "bytes"], new Uint8Array([0, 255]))
  .set(["written", "counter"], new Deno.KvU64(2n ** 63n))
  .delete(["written", "gone"])
  .commit();

for (const part of [true, 1n, 1, "1", new Uint8Array([1])]) await kv.set(["kinds", part], typeof part);
const self: unknown[] = [undefined, -0, NaN, "it's \"so\"", "tab\t\x1b"];
self.push({ self, "a-b": null, "2": {}, re: /a/gi, no: new Date(NaN), e: 1e21, of: [[], new Map(), new Set(), Object(5n)] });
await kv.set(["shown", Infinity, -0, "q\"", -(2n ** 65n)], self);
await kv.atomic().set(["sums", "counter"], new Deno.KvU64(1n)).sum(["sums", "counter"], 39n).commit();

console.log(commit.ok && commit.versionstamp);
const oneLine = { breakLength: Infinity, compact: true, depth: Infinity };
for (const prefix of [["written"], ["kinds"], ["shown"]]) {
  for await (const entry of kv.list({ prefix })) console.log(Deno.inspect(entry, oneLine));
}
kv.close();
