import { Api, runAll } from "./harness.mjs";
import { checks } from "./checks.mjs";

const args = process.argv.slice(2);
const opts = { strict: true };
const rest = [];
for (let i = 0; i < args.length; i++) {
  if (args[i] === "--no-strict") opts.strict = false;
  else if (args[i] === "--only") opts.only = args[++i];
  else if (args[i] === "--except") opts.except = args[++i];
  else if (args[i] === "--lock-ms") opts.lockMs = Number(args[++i]);
  else rest.push(args[i]);
}
const [base, token] = rest;
if (!base || rest.length > 2 || rest.some((a) => a.startsWith("--"))) {
  console.error("run [--no-strict] [--only TEXT] [--except TEXT] [--lock-ms N] <base-url> [access-token]");
  process.exit(2);
}
const api = new Api(base, token);
const run = Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
try {
  const r = await api.request("GET", "/keys/count");
  if (r.status !== 200) throw new Error(`GET /keys/count answered ${r.status}: ${r.text.slice(0, 200)}`);
} catch (e) {
  console.error(`no KeyVal API at ${base}: ${e.cause?.message ?? e.message}`);
  process.exit(2);
}
let n = 0;
const failed = await runAll(checks, () => ({ api, root: ["conformance-" + run, "c" + ++n + "x"], lockMs: opts.lockMs }), opts);
await api.request("DELETE", `/keys/conformance-${run}`);
process.exit(failed ? 1 : 0);
