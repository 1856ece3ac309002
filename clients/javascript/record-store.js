// The record stores of a Holdfast server as the interface `Store` of @kyneta/exchange: append, loadAll, replace,
// delete, currentMeta, listDocIds, close. Plain fetch and streams, no dependencies: Node 20, Deno, Bun, browsers.

const FRAMES = "application/x-record-frames";
const LINES = "application/x-ndjson";
const JSON_TYPE = "application/json";

// The flags of an envelope.
const SINCE = 0x01;
const BINARY = 0x02;
const BYTES = 0x04;
const META = 0x08;
const LINEAGE = 0x10;
const UNKNOWN = 0xe0;

const encoder = new TextEncoder();
const textOf = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a store refused or could not do. `code` is the server's, or one of `closed`, `unavailable`, `bad-answer`. */
export class RecordStoreError extends Error {
  constructor(code, detail, what, { status, cause, uncertain = false } = {}) {
    const of = what.docId === undefined ? "" : ` of ${JSON.stringify(what.docId.slice(0, 80))}`;
    super(`${what.operation}${of}: ${detail} [${code}]`, cause === undefined ? undefined : { cause });
    this.name = "RecordStoreError";
    this.code = code;
    this.operation = what.operation;
    this.docId = what.docId;
    this.status = status;
    this.uncertain = uncertain;
  }
}

/** A store on a server. Belongs to one engine; its writes to one document go out one after another. */
export class HoldfastRecordStore {
  #base;
  #headers;
  #fetch;
  #timeoutMillis;
  #readAttempts;
  #retryMillis;
  #turns = new Map(); // by document: settles, never rejects, when its last write has
  #reads = new Set(); // reads of metadata under way, as promises that never reject
  #streams = new Set(); // deadlines of logs and listings that are being read
  #closing;

  /** A store that was made before; see `open`. */
  constructor(address, options = {}) {
    const url = new URL(address);
    const place = options.namespace === undefined ? "" : `/ns/${encodeURIComponent(options.namespace)}`;
    const store = encodeURIComponent(options.store ?? "kyneta");
    this.#base = `${url.origin}${url.pathname.replace(/\/+$/, "")}${place}/v1/record-stores/${store}`;
    this.#headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    this.#fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
    this.#timeoutMillis = positive("timeoutMillis", options.timeoutMillis ?? 30_000);
    this.#readAttempts = positive("readAttempts", options.readAttempts ?? 3);
    this.#retryMillis = positive("retryMillis", options.retryMillis ?? 100);
  }

  /** Makes the store on the server unless it is there, and checks its format. */
  static async open(address, options) {
    const store = new HoldfastRecordStore(address, options);
    const what = { operation: "open" };
    const answer = await store.#answer(what, "PUT", "", { statuses: [200, 201], type: JSON_TYPE });
    if (typeof parsed(answer, what).name !== "string") {
      throw badAnswer(what, "the answer describes no store");
    }
    return store;
  }

  async append(docId, record) {
    await this.#write({ operation: "append", docId }, "POST", [record]);
  }

  async appendAll(docId, records) {
    await this.#write({ operation: "appendAll", docId }, "POST", [...records]);
  }

  async replace(docId, records) {
    await this.#write({ operation: "replace", docId }, "PUT", [...records]);
  }

  async delete(docId) {
    await this.#write({ operation: "delete", docId }, "DELETE");
  }

  async currentMeta(docId) {
    const what = { operation: "currentMeta", docId };
    this.#requireOpen(what);
    const path = `/meta?doc=${escaped(docId, what)}`;
    const reading = this.#repeated(what, async () => {
      const answer = parsed(await this.#answer(what, "GET", path, { statuses: [200], type: JSON_TYPE }), what);
      if (answer.docId !== docId || typeof answer.meta !== "object") {
        throw badAnswer(what, "the answer is not about the document");
      }
      return answer.meta;
    });
    const settled = reading.then(nothing, nothing);
    this.#reads.add(settled);
    return reading.finally(() => this.#reads.delete(settled));
  }

  async *loadAll(docId) {
    const what = { operation: "loadAll", docId };
    yield* this.#items(what, `/records?doc=${escaped(docId, what)}`, FRAMES, readRecords);
  }

  async *listDocIds(prefix = "") {
    const what = { operation: "listDocIds" };
    yield* this.#items(what, `/docs?prefix=${escaped(prefix, what)}`, LINES, readIds);
  }

  /** Refuses further calls, ends the readings that are open, and waits for what is under way. */
  close() {
    this.#closing ??= (async () => {
      this.#streams.forEach((deadline) => deadline.abort.abort());
      await Promise.all([...this.#turns.values(), ...this.#reads]);
    })();
    return this.#closing;
  }

  #requireOpen(what) {
    if (this.#closing !== undefined) {
      throw new RecordStoreError("closed", "the store was closed", what);
    }
  }

  /** One after another for each document, in the order of the calls; a write is never repeated. */
  async #write(what, method, records) {
    this.#requireOpen(what);
    const path = `/records?doc=${escaped(what.docId, what)}`;
    const batch = records === undefined ? {} : { body: batchOf(records, what), bodyType: FRAMES };
    const before = this.#turns.get(what.docId) ?? Promise.resolve();
    const turn = before.then(() => this.#answer(what, method, path, { ...batch, statuses: [204] }));
    const settled = turn.then(nothing, nothing);
    this.#turns.set(what.docId, settled);
    try {
      await turn;
    } finally {
      if (this.#turns.get(what.docId) === settled) {
        this.#turns.delete(what.docId);
      }
    }
  }

  /** Asks, and reads the whole answer as text. */
  async #answer(what, method, path, request) {
    const deadline = new Deadline(this.#timeoutMillis);
    try {
      const response = await this.#ask(what, method, path, request, deadline);
      return await response.text();
    } catch (failure) {
      throw this.#told(what, failure, deadline, method !== "GET");
    } finally {
      deadline.stop();
    }
  }

  /** Asks; the answer has one of the statuses and the type that are expected. */
  async #ask(what, method, path, { body, bodyType, statuses, type }, deadline) {
    const headers = { ...this.#headers };
    if (type !== undefined) headers.accept = type;
    if (bodyType !== undefined) headers["content-type"] = bodyType;
    deadline.start();
    const response = await this.#fetch(this.#base + path, {
      method,
      headers,
      body,
      redirect: "error",
      cache: "no-store",
      signal: deadline.abort.signal,
    });
    if (response.status >= 400) {
      throw refusal(what, response.status, await response.text(), method !== "GET");
    }
    const came = (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
    if (!statuses.includes(response.status) || (type !== undefined && came !== type)) {
      await response.body?.cancel();
      throw new RecordStoreError("bad-answer", `no record store answers there (status=${response.status})`, what, {
        status: response.status,
        uncertain: method !== "GET",
      });
    }
    return response;
  }

  /** Items of an answer as they come; repeated only while none has come. */
  async *#items(what, path, type, read) {
    let given = 0;
    for (let attempt = 1; ; attempt++) {
      this.#requireOpen(what);
      try {
        for await (const item of this.#reading(what, path, type, read)) {
          this.#requireOpen(what);
          given++;
          yield item;
        }
        return;
      } catch (failure) {
        if (given > 0 || !(await this.#again(failure, attempt))) throw failure;
      }
    }
  }

  async *#reading(what, path, type, read) {
    const deadline = new Deadline(this.#timeoutMillis);
    this.#streams.add(deadline);
    let source;
    try {
      const response = await this.#ask(what, "GET", path, { statuses: [200], type }, deadline);
      deadline.stop();
      source = new Source(response.body, deadline);
      yield* read(source, what);
    } catch (failure) {
      throw this.#told(what, failure, deadline, false);
    } finally {
      deadline.stop();
      this.#streams.delete(deadline);
      await source?.cancel();
    }
  }

  async #repeated(what, read) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read();
      } catch (failure) {
        if (!(await this.#again(failure, attempt))) throw failure;
      }
    }
  }

  /** Whether a read may be repeated; waits before it says so. */
  async #again(failure, attempt) {
    const passing = failure.code === "unavailable" || failure.code === "incomplete-batch";
    if (!passing || attempt >= this.#readAttempts || this.#closing !== undefined) return false;
    await new Promise((resolve) => setTimeout(resolve, this.#retryMillis * 2 ** (attempt - 1)));
    return this.#closing === undefined;
  }

  /** A failure as an error of ours. */
  #told(what, failure, deadline, uncertain) {
    if (failure instanceof RecordStoreError) return failure;
    if (deadline.expired) {
      const detail = `nothing came for ${this.#timeoutMillis} ms (timeoutMillis)`;
      return new RecordStoreError("unavailable", detail, what, { cause: failure, uncertain });
    }
    if (deadline.abort.signal.aborted) return new RecordStoreError("closed", "the store was closed", what);
    const why = failure.cause?.message ?? failure.message;
    return new RecordStoreError("unavailable", `no answer: ${why}`, what, { cause: failure, uncertain });
  }
}

/** Ends a request that stands still. */
class Deadline {
  #millis;
  #timer;
  abort = new AbortController();
  expired = false;

  constructor(millis) {
    this.#millis = millis;
  }

  start() {
    this.stop();
    this.#timer = setTimeout(() => {
      this.expired = true;
      this.abort.abort();
    }, this.#millis);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** The bytes of an answer; the time counts only while they are waited for. */
class Source {
  #reader;
  #deadline;
  #parts = [];
  #size = 0;

  constructor(body, deadline) {
    this.#reader = body.getReader();
    this.#deadline = deadline;
  }

  /** The next bytes as they come; nothing at the end. */
  async chunk() {
    this.#deadline.start();
    const { value } = await this.#reader.read();
    this.#deadline.stop();
    return value;
  }

  /** So many bytes in an array of their own; nothing when there are fewer. */
  async take(length) {
    while (this.#size < length) {
      const chunk = await this.chunk();
      if (chunk === undefined) return undefined;
      this.#parts.push(chunk);
      this.#size += chunk.length;
    }
    const taken = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const part = this.#parts[0].subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === this.#parts[0].length) this.#parts.shift();
      else this.#parts[0] = this.#parts[0].subarray(part.length);
    }
    this.#size -= length;
    return taken;
  }

  /** Frees the connection; what has failed already need not be told again. */
  cancel() {
    return this.#reader.cancel().catch(nothing);
  }
}

async function* readRecords(source, what) {
  for (let count = 0; ; count++) {
    const head = await source.take(4);
    if (head === undefined) throw incomplete(what, `the log ends without its marker (records=${count})`);
    const length = uint32(head, 0);
    if (length === 0) {
      const marker = await source.take(4);
      if (marker === undefined || uint32(marker, 0) !== count) {
        throw incomplete(what, `the marker does not say how many records came (records=${count})`);
      }
      if ((await source.take(1)) !== undefined) throw incomplete(what, "something stands behind the marker");
      return;
    }
    const envelope = await source.take(length);
    if (envelope === undefined) throw incomplete(what, `the log ends inside a record (records=${count})`);
    yield recordOf(envelope, what);
  }
}

async function* readIds(source, what) {
  const decoder = textOf();
  let rest = "";
  let count = 0;
  let whole = false;
  for (let chunk; ; ) {
    chunk = await source.chunk();
    rest += chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = chunk === undefined ? "" : lines.pop();
    for (const line of lines.filter((text) => text.trim() !== "")) {
      if (whole) throw incomplete(what, "something stands behind the last line");
      const json = lineOf(line, what);
      if (typeof json.docId === "string") {
        count++;
        yield json.docId;
      } else if (json.kind === "end" && json.count === count) {
        whole = true;
      } else if (json.kind === "error") {
        throw new RecordStoreError(json.code, json.message, what);
      } else {
        throw incomplete(what, `the last line does not say how many ids came (ids=${count})`);
      }
    }
    if (chunk === undefined) break;
  }
  if (!whole) throw incomplete(what, `the listing ends without its last line (ids=${count})`);
}

function lineOf(line, what) {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw incomplete(what, "a line of the listing was cut", cause);
  }
}

/** A batch of frames: each record behind its length, then 0 and their number. */
function batchOf(records, what) {
  const parts = [];
  for (const record of records) {
    const envelope = envelopeOf(record, what);
    parts.push(fourBytes(envelope.reduce((sum, part) => sum + part.length, 0)), ...envelope);
  }
  parts.push(fourBytes(0), fourBytes(records.length));
  const batch = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    batch.set(part, at);
    at += part.length;
  }
  return batch;
}

/** A record as the parts of its envelope. */
function envelopeOf(record, what) {
  if (record?.kind === "meta" && record.meta !== null && typeof record.meta === "object") {
    return [Uint8Array.of(META), encoder.encode(JSON.stringify(record.meta))];
  }
  const payload = record?.payload;
  if (record?.kind !== "entry" || payload === null || typeof payload !== "object") {
    throw malformed(what, "a record is neither meta nor entry");
  }
  const bytes = payload.data instanceof Uint8Array;
  const parts = [utf8(record.version, "version", what)];
  if (payload.lineage !== undefined) parts.push(utf8(payload.lineage, "lineage", what));
  const flags =
    oneOf(payload.kind, { entirety: 0, since: SINCE }, "kind", what) |
    oneOf(payload.encoding, { json: 0, binary: BINARY }, "encoding", what) |
    (bytes ? BYTES : 0) |
    (payload.lineage === undefined ? 0 : LINEAGE);
  return [
    Uint8Array.of(flags),
    ...parts.flatMap((part) => [fourBytes(part.length), part]),
    bytes ? payload.data : utf8(payload.data, "data", what),
  ];
}

/** The record of an envelope. */
function recordOf(envelope, what) {
  const flags = envelope[0];
  try {
    if (flags === META) {
      return { kind: "meta", meta: JSON.parse(textOf().decode(envelope.subarray(1))) };
    }
    if ((flags & (UNKNOWN | META)) !== 0) throw new RangeError(`unknown flags (flags=${flags})`);
    let at = 1;
    const text = () => {
      const end = at + 4 + uint32(envelope, at);
      if (end > envelope.length) throw new RangeError("a length goes beyond the record");
      const decoded = textOf().decode(envelope.subarray(at + 4, end));
      at = end;
      return decoded;
    };
    const version = text();
    const lineage = (flags & LINEAGE) === 0 ? {} : { lineage: text() };
    const rest = envelope.subarray(at);
    const payload = {
      kind: (flags & SINCE) === 0 ? "entirety" : "since",
      encoding: (flags & BINARY) === 0 ? "json" : "binary",
      data: (flags & BYTES) === 0 ? textOf().decode(rest) : rest.slice(),
      ...lineage,
    };
    return { kind: "entry", payload, version };
  } catch (cause) {
    throw badAnswer(what, `a record cannot be read: ${cause.message}`, cause);
  }
}

function utf8(text, name, what) {
  // With the flag u only halves of pairs that stand alone are surrogates.
  if (typeof text !== "string" || /\p{Surrogate}/u.test(text)) {
    throw malformed(what, `the ${name} of a record is no well-formed text`);
  }
  return encoder.encode(text);
}

function oneOf(word, flags, name, what) {
  if (!Object.hasOwn(flags, word)) {
    throw malformed(what, `the ${name} of a payload is none of ${Object.keys(flags).join(", ")}`);
  }
  return flags[word];
}

function escaped(id, what) {
  if (typeof id !== "string" || /\p{Surrogate}/u.test(id)) {
    const detail = "the id of a document is no well-formed text";
    throw new RecordStoreError("invalid-doc-id", detail, { operation: what.operation });
  }
  return encodeURIComponent(id);
}

function fourBytes(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function uint32(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

function parsed(text, what) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer(what, "the answer is no JSON", cause);
  }
}

/** What the server refused; a proxy in front of it may answer in a form of its own. */
function refusal(what, status, text, write) {
  let problem = {};
  try {
    problem = JSON.parse(text) ?? {};
  } catch {
    problem.detail = `status ${status}`;
  }
  const code = typeof problem.code === "string" ? problem.code : status === 503 ? "unavailable" : "bad-answer";
  const uncertain = write && status >= 500 && problem.code !== "unavailable";
  return new RecordStoreError(code, problem.detail ?? `status ${status}`, what, { status, uncertain });
}

function incomplete(what, detail, cause) {
  return new RecordStoreError("incomplete-batch", detail, what, { cause });
}

function badAnswer(what, detail, cause) {
  return new RecordStoreError("bad-answer", detail, what, { cause });
}

function malformed(what, detail) {
  return new RecordStoreError("malformed-record", detail, what);
}

function positive(name, value) {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name} is a number above 0 (${name}=${value})`);
  }
  return value;
}

function nothing() {}
