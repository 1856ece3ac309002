// Shared by all phases. No imports: runs unchanged in Deno and in Node. CF_SKIPS names the checks that are left out.

export class Skip extends Error {}
export const skip = (why) => {
  throw new Skip(why);
};

export function assert(cond, msg) {
  if (!cond) throw new Error(msg ?? "assertion failed");
}

function show(v) {
  if (v === undefined) return "undefined";
  return JSON.stringify(v, (_k, x) => {
    if (typeof x === "bigint") return x + "n";
    if (x instanceof Uint8Array) return "bytes(" + hex(x) + ")";
    if (typeof x === "number" && !Number.isFinite(x)) return String(x);
    return x;
  });
}

// Structural equality over the value kinds used here.
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== typeof b || a === null || b === null || typeof a !== "object") return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((x, i) => x === b[i]);
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) return false;
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  }
  if (a instanceof RegExp || b instanceof RegExp) return String(a) === String(b);
  if (a instanceof Map || b instanceof Map) {
    return a instanceof Map && b instanceof Map && same([...a], [...b]);
  }
  if (a instanceof Set || b instanceof Set) {
    return a instanceof Set && b instanceof Set && same([...a], [...b]);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const ka = Object.keys(a), kb = Object.keys(b);
  return ka.length === kb.length && ka.every((k) => k in b && same(a[k], b[k]));
}

export function equal(actual, expected, what = "value") {
  if (!same(actual, expected)) {
    throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
  }
}

export async function rejects(fn, what = "call") {
  try {
    await fn();
  } catch (e) {
    return e;
  }
  throw new Error(`${what}: expected a rejection, but it succeeded`);
}

export const hex = (b) => [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
export const unhex = (s) => Uint8Array.from(s.match(/../g) ?? [], (x) => parseInt(x, 16));
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

export function withTimeout(promise, ms, what) {
  let t;
  const limit = new Promise((_r, j) => {
    t = setTimeout(() => j(new Error(`${what}: no answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(t));
}

// Runs the checks in order, prints one line each and, last, a line for run to add up.
export async function runAll(label, checks, makeCtx, only) {
  let pass = 0, fail = 0, skipped = 0;
  const left = JSON.parse(globalThis.process?.env.CF_SKIPS ?? "{}");
  for (const [name, fn] of checks) {
    if (only && !name.includes(only)) continue;
    const why = left[`${label}: ${name}`];
    if (why) {
      skipped++;
      console.log(`skip    ${label}: ${name} (${why})`);
      continue;
    }
    try {
      await withTimeout(Promise.resolve().then(() => fn(makeCtx(name))), 30000, "check");
      pass++;
      console.log(`ok      ${label}: ${name}`);
    } catch (e) {
      if (e instanceof Skip) {
        skipped++;
        console.log(`skip    ${label}: ${name} (${e.message})`);
      } else {
        fail++;
        console.log(`FAILED  ${label}: ${name}`);
        console.log(`        ${String(e?.message ?? e).slice(0, 400).split("\n").slice(0, 3).join("\n        ")}`);
      }
    }
  }
  console.log(`@@result ${pass} ${fail} ${skipped}`);
  return fail;
}
