// Node's own SQLite, used as small key-value libraries use it: text keys, a statement at a time, each its own commit.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { run, weight } from './work.mjs';

const key = (number) => `bench:${String(number).padStart(7, '0')}`;

await run(async (folder) => {
  const database = new DatabaseSync(join(folder, 'store.db'));
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = full');
  database.exec('create table kv (key text primary key, value blob, expires_at text)');
  const set = database.prepare('insert or replace into kv (key, value, expires_at) values (?, ?, null)');
  const get = database.prepare('select value, expires_at from kv where key = ?');
  const all = database.prepare('select key, value from kv where expires_at is null order by key');
  return {
    set: async (number, value) => set.run(key(number), value),
    get: async (number) => get.get(key(number)).value,
    async list() {
      let entries = 0;
      let sum = 0;
      for (const row of all.iterate()) {
        entries++;
        sum += weight(row.value);
      }
      return [entries, sum];
    },
    close: () => database.close(),
  };
});
