// What all peers are asked to do; PeerWork.java does the same, number by number.
import { readFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const SETS = 60_000;
const ENTRIES = 20_000;
const GETS = 200_000;
const LISTS = 20;
const CALLERS = 64;
const WARM = 4;
const KEYS = 1_000_000;
const VALUE_BYTES = 256;

function random(count) {
  const numbers = [];
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    numbers.push((state >>> 8) % KEYS);
  }
  return numbers;
}

const ascending = (count) => Array.from({ length: count }, (_, i) => i);

function value(number) {
  const bytes = new Uint8Array(VALUE_BYTES);
  for (let i = 0; i < VALUE_BYTES; i++) {
    bytes[i] = number + i * 13;
  }
  return bytes;
}

/** A little of a value, so that adding it up costs next to nothing. */
export const weight = (bytes) => bytes.length + bytes[0] + bytes[bytes.length - 1];

/** Callers that share a list of operations, each doing the next one when its last has ended. */
async function among(callers, count, operation) {
  let next = 0;
  const caller = async () => {
    while (next < count) {
      await operation(next++);
    }
  };
  return measured(count, () => Promise.all(Array.from({ length: callers }, caller)));
}

async function measured(operations, work) {
  const fromMicros = Date.now() * 1000;
  const cpu = process.cpuUsage();
  const written = writtenBytes();
  const start = process.hrtime.bigint();
  await work();
  const nanos = Number(process.hrtime.bigint() - start);
  const used = process.cpuUsage(cpu);
  return {
    operations,
    nanos,
    cpuMicros: used.user + used.system,
    writtenBytes: writtenBytes() - written,
    fromMicros,
    toMicros: Date.now() * 1000,
    check: '',
    details: {},
  };
}

function writtenBytes() {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]);
}

const fill = (peer, numbers) => among(CALLERS, numbers.length, (i) => peer.set(numbers[i], value(numbers[i])));

async function sets(open, folder, scale, numbersOf) {
  const numbers = numbersOf(Math.max(CALLERS, Math.trunc(SETS * scale)));
  mkdirSync(join(folder, 'warm'));
  const warm = await open(join(folder, 'warm'));
  await fill(warm, numbers.slice(0, Math.trunc(numbers.length / WARM)));
  await warm.close();
  mkdirSync(join(folder, 'measured'));
  const peer = await open(join(folder, 'measured'));
  const outcome = await fill(peer, numbers);
  outcome.check = text(await peer.list());
  await peer.close();
  return outcome;
}

async function gets(open, folder, scale) {
  const peer = await open(folder);
  await fill(peer, ascending(ENTRIES));
  const numbers = random(Math.trunc(GETS * scale));
  let sum = 0;
  const get = async (i) => {
    const found = await peer.get(numbers[i] % ENTRIES);
    sum += weight(found);
  };
  await among(CALLERS, Math.trunc(numbers.length / WARM), get);
  sum = 0;
  const outcome = await among(CALLERS, numbers.length, get);
  outcome.check = `${numbers.length} read, weight ${sum}`;
  await peer.close();
  return outcome;
}

async function lists(open, folder, scale) {
  const peer = await open(folder);
  await fill(peer, ascending(ENTRIES));
  const count = Math.max(1, Math.trunc(LISTS * scale));
  for (let i = 0; i < Math.max(1, Math.trunc(count / WARM)); i++) {
    await peer.list();
  }
  let found;
  const outcome = await measured(count * ENTRIES, async () => {
    for (let i = 0; i < count; i++) {
      found = await peer.list();
    }
  });
  outcome.check = text(found);
  await peer.close();
  return outcome;
}

const text = ([entries, sum]) => `${entries} entries, weight ${sum}`;

/** Does what the command line asks for with a peer, and prints the outcome. */
export async function run(open) {
  const [work, folder, scale] = process.argv.slice(2);
  const factor = Number(scale);
  const outcome =
    work === 'ascending' ? await sets(open, folder, factor, ascending)
    : work === 'random' ? await sets(open, folder, factor, random)
    : work === 'get' ? await gets(open, folder, factor)
    : await lists(open, folder, factor);
  console.log(JSON.stringify(outcome));
}
