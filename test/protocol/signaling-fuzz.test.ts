import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeClientMessage, decodeServerMessage, RivuletError } from "#sdk/protocol/signaling/index.ts";
import { hostileText } from "#test/signaling/support/hostile.ts";

const RUNS = 120_000;
const OUTCOMES = ["message-malformed", "message-too-large", "message-unknown-type", "read"];

/** What became of a text; fails on every error but the three that the decoders document. */
function outcome(decode: (text: string) => unknown, text: string): string {
  try {
    decode(text);
    return "read";
  } catch (error) {
    assert.ok(error instanceof RivuletError, `not a RivuletError: ${error}`);
    assert.ok(OUTCOMES.includes(error.code), error.code);
    return error.code;
  }
}

for (const [name, decode] of [
  ["a peer's", decodeClientMessage],
  ["a server's", decodeServerMessage],
] as const) {
  test(`${RUNS} hostile texts read as ${name} message throw nothing but the protocol's own errors`, (t) => {
    const seed = Number(process.env.RIVULET_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
    t.diagnostic(`seed ${seed} (RIVULET_FUZZ_SEED=${seed} repeats it)`);
    const seen = new Set<string>();
    // A small limit, so that texts over it are not the slow part.
    const property = fc.property(
      hostileText(),
      (text) => void seen.add(outcome((it) => decode(it, 4096), text)),
    );
    fc.assert(property, { numRuns: RUNS, seed });
    assert.deepEqual([...seen].sort(), OUTCOMES, "the texts did not reach every outcome");
    assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  });
}
