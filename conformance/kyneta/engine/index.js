// In the place of Kyneta's engine, which is not published: the functions that its published stores import, written anew
// from what they promise. Rows, tables and statements are those of the published stores.

export const STORE_META_FORMAT_KEY = "format";

/** The highest number of each document, found once and then counted up in memory. */
export class SeqNoTracker {
  #highest = new Map();

  async next(docId, find) {
    if (!this.#highest.has(docId)) this.#highest.set(docId, (await find()) ?? -1);
    const next = this.#highest.get(docId) + 1;
    this.#highest.set(docId, next);
    return next;
  }

  reset(docId, highest) {
    this.#highest.set(docId, highest);
  }

  remove(docId) {
    this.#highest.delete(docId);
  }
}

export class StoreFormatVersionError extends Error {
  constructor({ reason, backend, stored, current }) {
    super(`${backend} store: incompatible format (${reason})`);
    Object.assign(this, { reason, backend, stored, current });
  }
}

/** The marker as an object; "malformed" when it is none. */
export function parseStoreFormat(value) {
  let format = value;
  if (typeof value === "string") {
    try {
      format = JSON.parse(value);
    } catch {
      return "malformed";
    }
  }
  const whole = Number.isInteger(format?.major) && Number.isInteger(format?.minor);
  return whole ? { major: format.major, minor: format.minor } : "malformed";
}

export function decideStoreFormat({ current, stored, storeHasData }) {
  if (stored === null) {
    return storeHasData
      ? { action: "refuse", reason: "unversioned-existing-data" }
      : { action: "stamp", value: current };
  }
  return stored.major === current.major
    ? { action: "proceed" }
    : { action: "refuse", reason: "incompatible-major" };
}

export function resolveMetaFromBatch(records, existing) {
  let resolved = null;
  for (const { meta } of records.filter((record) => record.kind === "meta")) {
    for (const earlier of [existing, resolved].filter((one) => one !== null)) requireFollows(earlier, meta);
    resolved = meta;
  }
  if (resolved === null) throw new Error("Store: batch must contain at least one meta record");
  return resolved;
}

export function validateAppend(docId, record, existing) {
  if (record.kind === "meta") return resolveMetaFromBatch([record], existing);
  if (existing === null) throw new Error(`Store: first record for doc '${docId}' must be meta, got entry`);
  return null;
}

function requireFollows(earlier, meta) {
  if (meta.replicaType[0] !== earlier.replicaType[0] || meta.replicaType[1] !== earlier.replicaType[1]) {
    throw new Error("Store: replicaType mismatch");
  }
  for (const member of ["writerModel", "delivery", "durability"]) {
    if (meta.syncMode[member] !== earlier.syncMode[member]) throw new Error("Store: syncMode mismatch");
  }
}
