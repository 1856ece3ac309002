// Deno's local key-value store.
import { join } from 'node:path';
import { run, weight } from './work.mjs';

const key = (number) => ['bench', number];

await run(async (folder) => {
  const kv = await Deno.openKv(join(folder, 'store.db'));
  return {
    set: (number, value) => kv.set(key(number), value),
    get: async (number) => (await kv.get(key(number))).value,
    async list() {
      let entries = 0;
      let sum = 0;
      for await (const entry of kv.list({ prefix: ['bench'] }, { batchSize: 500 })) {
        entries++;
        sum += weight(entry.value);
      }
      return [entries, sum];
    },
    close: () => kv.close(),
  };
});
