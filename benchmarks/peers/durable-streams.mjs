// The public Node server of Durable Streams with its file store, until standard input ends.
import process from 'node:process';
import { DurableStreamTestServer } from '@durable-streams/server';

// It tells of slow appends on standard output, which nobody reads here.
console.info = () => {};
const [folder] = process.argv.slice(2);
const server = new DurableStreamTestServer({ port: 0, host: '127.0.0.1', dataDir: folder });
console.log(`listening on ${await server.start()}`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
