import assert from "node:assert/strict";
import { test } from "node:test";
import type { Want } from "#sdk/engine/io.ts";
import { aheadMs, duePieces } from "#sdk/engine/transfer/due-piece.ts";
import type { ActiveWant } from "#sdk/engine/transfer/window.ts";
import { CHUNK, CONTENT } from "./stage.ts";

/** The first byte within a second, then a piece a second. */
const PATIENCE = { firstByteMs: 1000, minBytesPerSecond: CHUNK };

function wanted(start: number, end: number, since: number, backlogBytes = 0): ActiveWant {
  const want: Want = { want: start, content: CONTENT.content, resource: 0, start, end, patience: PATIENCE };
  return { want, since, backlogBytes, cursor: start, movedAt: since, consumed: start };
}

/** How far ahead the page is that wants ten pieces at 0 and has those. */
function ahead(have: readonly number[], now: number, wants = [wanted(0, 10 * CHUNK, 0)]): number {
  const { geometry } = CONTENT;
  const missing = (piece: number) => !have.includes(piece);
  const due = duePieces(geometry, wants, { missing, reach: ({ want }) => want.end });
  return aheadMs(geometry, due, now);
}

test("a page that has nothing is not ahead, however patient it is", () => {
  assert.deepEqual(
    [0, 1000, 5000].map((now) => ahead([], now)),
    [0, 0, 0],
  );
});

test("a page is ahead by what came in any order, less what was to come by now", () => {
  assert.equal(ahead([4, 5, 6], 500), 3000);
  assert.equal(ahead([4, 5, 6], 2000), 2000);
  assert.equal(ahead([4, 5, 6], 9000), 0);
});

test("no piece waits more than five seconds longer because its page is ahead", () => {
  assert.equal(ahead([1, 2, 3, 4, 5, 6, 7, 8], 0), 5000);
});

test("what is wanted later has its own patience, and lends none of it to what was wanted before", () => {
  const both = [wanted(0, 10 * CHUNK, 0), wanted(10 * CHUNK, 12 * CHUNK, 5000, 6 * CHUNK)];
  assert.equal(ahead([0, 1, 2, 3], 5000, both), 0);
});
