import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { TakeOver } from "#sdk/engine/transfer/take-over.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { CHUNK, CONTENT } from "./stage.ts";

const [NEVER, PATIENCE] = [Number.POSITIVE_INFINITY, ENGINE_DEFAULTS.backupAfterMs];
const options = { ...ENGINE_DEFAULTS, dutyBlockBytes: 4 * CHUNK };

/** When a piece is taken from whom it is left to; by default of a page that stands still for piece 0 since 1000. */
function takenAt(
  piece: number,
  around: { fronts?: [number, number][]; rank?: number; ownWork?: boolean; lineFull?: boolean } = {},
): number {
  const { fronts = [[0, 1000]], rank = 1, ownWork = false, lineFull = false } = around;
  const outlook = { rank: () => rank };
  const { geometry } = CONTENT;
  const takeOver = new TakeOver({ geometry, options, outlook, fronts: new Map(fronts), ownWork, lineFull });
  return takeOver.time({ piece, hopeUntil: 2500 });
}

test("a page that cannot read on takes over the block that it needs next, by rank, and no other", () => {
  assert.equal(takenAt(0), 1000 + PATIENCE);
  assert.equal(takenAt(3), 1000 + PATIENCE);
  assert.equal(takenAt(4), NEVER);
  assert.equal(takenAt(0, { rank: 2 }), 1000 + 2 * PATIENCE);
});

test("a last piece of one byte is a block like any other, and costs no million of looks", () => {
  const { geometry } = simContent(2, [CHUNK + 1]);
  let looks = 0;
  const counted = new Map<number, number>([[1, 1000]]);
  const set = Map.prototype.set;
  Map.prototype.set = function (this: Map<unknown, unknown>, ...entry) {
    looks++;
    return set.apply(this, entry);
  };
  try {
    new TakeOver({
      geometry,
      options,
      outlook: { rank: () => 1 },
      fronts: counted,
      ownWork: false,
      lineFull: false,
    });
  } finally {
    Map.prototype.set = set;
  }
  assert.ok(looks <= 4, `${looks}`);
});

test("one file that stands still while others move is waited for four times as long", () => {
  const fronts: [number, number][] = [
    [0, 1000],
    [10, 50_000],
  ];
  assert.equal(takenAt(0, { fronts }), 1000 + 4 * PATIENCE);
  assert.equal(takenAt(0, { fronts: [fronts[0] as [number, number], [10, 2000]] }), 2000 + PATIENCE);
});

test("who has work of its own does that first, unless the whole page stands still", () => {
  const fronts: [number, number][] = [
    [0, 1000],
    [10, 50_000],
  ];
  assert.equal(takenAt(0, { fronts, ownWork: true }), 50_000 + PATIENCE);
  assert.equal(takenAt(0, { ownWork: true }), 1000 + PATIENCE);
});

test("a line that is full takes nothing over: it would come no sooner", () => {
  assert.equal(takenAt(0, { lineFull: true }), NEVER);
});

test("the share of somebody who is not here yet is ours when hope is over, once our own is done", () => {
  assert.equal(takenAt(7, { rank: 0 }), 2500);
  assert.equal(takenAt(7, { rank: 0, ownWork: true }), NEVER);
});
