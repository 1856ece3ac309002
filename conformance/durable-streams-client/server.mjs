// The published reference server on a free port of this machine. It ends when its input does.
import { DurableStreamTestServer } from "@durable-streams/server"

const server = new DurableStreamTestServer({ port: 0, longPollTimeout: 500 })
console.log(await server.start())
process.stdin.on("end", () => process.exit(0)).resume()
