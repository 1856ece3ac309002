// Runs checks.mjs with the client of the runtime it is started in: Deno.openKv in Deno, the npm
// package @deno/kv in Node. Settings come from CF_* environment variables set by run.

import { runAll, skip } from "./harness.mjs";
import { checks, crossChecks, crossWrite } from "./checks.mjs";

const isDeno = typeof Deno !== "undefined";
const env = isDeno ? Deno.env.toObject() : process.env;
const client = isDeno ? "deno" : "node";
const { CF_URL: url, CF_TOKEN: token, CF_MODE: mode, CF_RUN: run, CF_STRICT: strict, CF_PART: part, CF_ONLY: only } = env;

async function open() {
  if (isDeno) return await Deno.openKv(mode === "local" ? ":memory:" : url);
  const { createRequire } = await import("node:module");
  const { openKv } = createRequire(env.CF_CACHE + "/package.json")("@deno/kv");
  return mode === "local" ? await openKv(":memory:") : await openKv(url, { accessToken: token, maxRetries: 2 });
}

const kv = await open();
let seq = 0;
const makeCtx = () => {
  const own = ["conformance", run, client, ++seq];
  // strings: tag + bytes + end; the counter is a number part: tag + 8 bytes
  const encodedLength = () => own.slice(0, 3).reduce((n, s) => n + new TextEncoder().encode(s).length + 2, 0) + 9;
  return { kv, client, mode, strict: strict === "1", base: own.length, key: (...p) => [...own, ...p], encodedLength, skip };
};

// The native local engine of the Node package can reject once, unseen, when a watch is cancelled.
let stray = 0;
if (!isDeno) {
  process.on("unhandledRejection", (e) => {
    if (mode === "local" && /watch not found/.test(String(e?.message))) return;
    stray++;
    console.error("unhandled rejection:", e);
  });
}

let failed;
if (part === "cross-back") {
  failed = await runAll(client, crossChecks(run, "deno"), makeCtx, only);
} else {
  const list = [...checks];
  if (mode !== "local" && client === "deno") list.push(...crossChecks(run, "node"));
  failed = await runAll(client, list, makeCtx, only);
  if (mode !== "local") await crossWrite(kv, run, client);
}
kv.close();
if (isDeno) Deno.exit(failed ? 1 : 0);
else process.exit(failed || stray ? 1 : 0);
