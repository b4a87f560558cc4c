import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { percentile } from "../tool/percentile.ts";
import { oneSeeder } from "./one-seeder.ts";

const SMALL = { pieces: 96, pieceBytes: 4 * MIB, bytesPerSecond: 300e6 };

test("24 hosts get 96 pieces of 4 MB from one seeder near the fluid bound", (context) => {
  const result = oneSeeder({ seed: 1, peers: 24, progress: () => {} }, SMALL);
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(result.tookMs, share) / result.boundMs);
  context.diagnostic(`p50 ${p50} and p99 ${p99} over the bound, ${result.seederCopies} copies`);
  assert.equal(result.unfinished, 0);
  // A world so small pays its start and its last pieces from an eighth of the time that the large one has.
  assert.ok((p50 ?? 0) >= 0.99, "nobody beats the bound");
  assert.ok((p50 ?? 9) <= 1.25 && (p99 ?? 9) <= 1.5, `${p50} ${p99}`);
});
