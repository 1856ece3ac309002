import { runAll } from "../keyval/harness.mjs";
import { HoldfastRecordStore } from "../../clients/javascript/record-store.js";
import { checks as contract } from "./contract.mjs";
import { checks as transport } from "./transport.mjs";

const [base, only] = process.argv.slice(2);
if (!base) {
  console.error("run BASE_URL [TEXT]");
  process.exit(2);
}
const run = Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
const names = [];
const newName = () => {
  names.push(`c${run}_${names.length}`);
  return names.at(-1);
};
// Each check has stores of its own.
const context = () => ({
  base,
  newName,
  open: (options = {}) => HoldfastRecordStore.open(base, { store: newName(), ...options }),
});
const failed = await runAll([...contract, ...transport], context, { only, strict: true });
for (const name of names) {
  await fetch(`${base}/v1/record-stores/${name}`, { method: "DELETE" });
}
process.exit(failed ? 1 : 0);
