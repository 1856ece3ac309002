// Reads what Java and REST have written, and takes turns with them. The address of the database is the first argument.
const kv = await Deno.openKv(Deno.args[0]);
const prefix = ["there"];

for await (const { key, value } of kv.list({ prefix })) console.log(key.slice(1), value);
for await (const { key } of kv.list({ prefix }, { limit: 2, reverse: true })) console.log("last", key.slice(1));
for await (const { key } of kv.list({ start: [...prefix, 2n], end: [...prefix, true] })) console.log("between", key.slice(1));

await kv.atomic().sum(["there", 2n], 4n).commit();
console.log("sum", (await kv.get(["there", 2n])).value);

// Whoever is asked writes the turn; what was read before is then too old for a check, and what was watched is not.
const watch = kv.watch([["turn"]]).getReader();
const watched = async () => (await watch.read()).value[0];
console.log("at first", (await watched()).value);
for (const face of ["java", "rest"]) {
  const before = await kv.get(["turn"]);
  await kv.set(["ask"], face);
  const now = await watched();
  const late = await kv.atomic().check(before).set(["turn"], "lost").commit();
  const timely = await kv.atomic().check(now).set(["turn"], "deno after " + face).commit();
  console.log("wrote", now.value, late.ok, timely.ok, (await watched()).value);
}
await watch.cancel();
kv.close();
