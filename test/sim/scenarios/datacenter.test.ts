import assert from "node:assert/strict";
import { test } from "node:test";
import { percentile } from "../tool/percentile.ts";
import { oneSeeder } from "./one-seeder.ts";

test("24 nodes of 5 GB/s get 500 pieces of 5 MB in little more than the fluid bound", (context) => {
  const small = { pieces: 500, pieceBytes: 5_000_000, bytesPerSecond: 5e9 };
  const result = oneSeeder({ seed: 1, peers: 24, progress: () => {} }, small);
  const last = percentile(result.tookMs, 1) / result.boundMs;
  context.diagnostic(`the last one ${last} over the bound, ${result.seederCopies} copies`);
  assert.equal(result.unfinished, 0);
  assert.ok(last >= 0.99 && last <= 1.5, `${last}`);
});
