// The published suite, against the server that the environment names.
import { runConformanceTests } from "@durable-streams/server-conformance-tests"

runConformanceTests({
  baseUrl: process.env.HOLDFAST_BASE_URL,
  subscriptions: process.env.HOLDFAST_SUBSCRIPTIONS === "true",
  longPollTimeoutMs: 20_000,
})
