import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inRising, inRun, mergedRuns } from "#sdk/protocol/piece-run.ts";

const runs = fc.array(fc.record({ first: fc.nat(40), count: fc.nat(6) }), { maxLength: 10 });

test("merged runs hold the same pieces, each once, in rising order, with a gap between any two", () => {
  fc.assert(
    fc.property(runs, (given) => {
      const merged = mergedRuns(given);
      for (let piece = 0; piece < 50; piece++) {
        const times = merged.filter((run) => inRun(run, piece)).length;
        assert.equal(times, given.some((run) => inRun(run, piece)) ? 1 : 0, `piece ${piece}`);
      }
      merged.forEach(({ first, count }, at) => {
        const next = merged[at + 1];
        assert.ok(count > 0 && (!next || next.first > first + count));
      });
    }),
  );
});

test("a run holds its first piece and not the one after its last", () => {
  assert.deepEqual(
    [3, 4, 6, 7].map((piece) => inRun({ first: 4, count: 3 }, piece)),
    [false, true, true, false],
  );
});

test("runs in rising order are searched for a piece as if one by one", () => {
  fc.assert(
    fc.property(runs, (given) => {
      const merged = mergedRuns(given);
      for (let piece = 0; piece < 50; piece++)
        assert.equal(
          inRising(merged, piece),
          given.some((run) => inRun(run, piece)),
          `piece ${piece}`,
        );
    }),
  );
});
