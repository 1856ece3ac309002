// Limits of the tests that set none themselves.
export default {
  test: { include: ["suite.test.mjs"], fileParallelism: false, testTimeout: 20_000, hookTimeout: 20_000 },
}
