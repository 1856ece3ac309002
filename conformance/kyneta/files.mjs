// Kyneta's published stores on a database: the one for SQLite on a file, over SQLite as WebAssembly, so that the whole
// file is read and written back; the one for PostgreSQL on a server.
import { readFileSync, writeFileSync } from "node:fs";
import { createPostgresStore, fromClient } from "@kyneta/postgres-store";
import { createSqliteStore } from "@kyneta/sqlite-store";
import pg from "pg";
import initSqlJs from "sql.js";

const META = {
  replicaType: ["plain", 1, 0],
  syncMode: { writerModel: "serialized", delivery: "delta-capable", durability: "persistent" },
  schemaHash: "00aa",
};
const meta = (changes) => ({ kind: "meta", meta: { ...META, ...changes } });
const entry = (kind, encoding, version, data, more) => ({
  kind: "entry",
  payload: { kind, encoding, data, ...more },
  version,
});

/** The four methods that Kyneta's store wants of a database. */
function adapterOver(db) {
  return {
    exec: (sql, ...params) => db.run(sql, params),
    *iterate(sql, ...params) {
      const statement = db.prepare(sql);
      try {
        statement.bind(params);
        while (statement.step()) yield statement.getAsObject();
      } finally {
        statement.free();
      }
    },
    transaction(work) {
      db.run("begin immediate");
      try {
        const result = work();
        db.run("commit");
        return result;
      } catch (failure) {
        db.run("rollback");
        throw failure;
      }
    },
    close() {},
  };
}

/** Runs work on a store in a file, and writes the file back when it is to be changed. */
async function onFile(file, change, work) {
  const { Database } = await initSqlJs();
  const db = new Database(change === "new" ? undefined : readFileSync(file));
  const store = createSqliteStore(adapterOver(db));
  await work(store);
  await store.close();
  if (change !== undefined) writeFileSync(file, db.export());
  db.close();
}

/** Runs work on a store in a database of PostgreSQL, whose tables are made by Kyneta's own statements. */
async function onServer(url, change, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if (change === "new") {
      await client.query(readFileSync("node_modules/@kyneta/postgres-store/schema.sql", "utf8"));
    }
    const store = await createPostgresStore(fromClient(client));
    await work(store);
    await store.close();
  } finally {
    await client.end();
  }
}

async function fill(store) {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  await store.append("notes/1", meta());
  await store.append("notes/1", entry("entirety", "json", "1", '{"title":"\u00e9 \u{1f600} \\" \u0000 \u2028"}'));
  await store.append("notes/1", entry("since", "json", "2", '{"n":1}', { lineage: "L" }));
  await store.append("notes/1", entry("since", "binary", "L:3", bytes, { lineage: "L" }));
  await store.append("notes/1", meta({ replicaType: ["plain", 1, 2], schemaHash: "00bb" }));
  const contents = { "": "", text: "bytes?", bytes: bytes.slice(0, 3), none: new Uint8Array(0) };
  for (const [version, data] of Object.entries(contents)) {
    for (const encoding of ["json", "binary"]) {
      await store.append("every/kind", meta({ schemaHash: version }));
      await store.append("every/kind", entry("since", encoding, version, data, { lineage: "" }));
      await store.append("every/kind", entry("entirety", encoding, version, data));
    }
  }
  const collaborative = meta({ syncMode: { ...META.syncMode, writerModel: "concurrent" } });
  await store.append("compacted", collaborative);
  for (let i = 0; i < 5; i++) await store.append("compacted", entry("since", "binary", `${i}`, bytes));
  await store.replace("compacted", [collaborative, entry("entirety", "binary", "5", bytes)]);
  await store.append("compacted", entry("since", "binary", "6", bytes.slice(0, 1)));
  await store.append("deleted", meta());
  await store.append("deleted", entry("entirety", "json", "1", "{}"));
  await store.delete("deleted");
  await store.append("ephemeral/\u00e9", meta({
    replicaType: ["yjs", 13, 6],
    syncMode: { writerModel: "concurrent", delivery: "snapshot-only", durability: "transient" },
  }));
}

async function print(store) {
  const ids = [];
  for await (const docId of store.listDocIds()) ids.push(docId);
  for (const docId of ids.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    for await (const record of store.loadAll(docId)) console.log(JSON.stringify({ docId, record: printed(record) }));
    console.log(JSON.stringify({ docId, current: await store.currentMeta(docId) }));
  }
}

/** Bytes as base64 under a name of their own, as on the lines of our HTTP interface. */
function printed(record) {
  const data = record.payload?.data;
  if (!(data instanceof Uint8Array)) return record;
  const payload = { ...record.payload, bytes: Buffer.from(data).toString("base64") };
  delete payload.data;
  return { ...record, payload };
}

async function appendToEach(store) {
  const ids = [];
  for await (const docId of store.listDocIds()) ids.push(docId);
  for (const docId of ids) await store.append(docId, entry("since", "json", "of Kyneta", docId));
}

const [command, place] = process.argv.slice(2);
const on = /^postgres(ql)?:/.test(place) ? onServer : onFile;
if (command === "write") {
  await on(place, "new", fill);
}
if (command === "append") {
  await on(place, "changed", appendToEach);
} else {
  await on(place, undefined, print);
}
