import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drainStepMs, leavingNow } from "#signaling/operation/draining.ts";

/** Sends clients away step by step; returns how many left at each. */
function drain(atStart: number, drainMs: number, leavesAlone: (step: number) => number = () => 0): number[] {
  const groups: number[] = [];
  let open = atStart;
  for (let step = 1; open > 0; step++) {
    open = Math.max(0, open - leavesAlone(step));
    const leaving = leavingNow({ atStart, open, drainMs, elapsedMs: step * drainStepMs(drainMs) });
    groups.push(leaving);
    open -= leaving;
  }
  return groups;
}

test("clients leave evenly, a few at a time", () => {
  const groups = drain(10_000, 10_000);
  assert.equal(groups.length, 100);
  assert.deepEqual([Math.min(...groups), Math.max(...groups)], [100, 100]);
});

test("the last has left when the time is over, whatever the numbers", () => {
  const numbers = fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 60_000 }));
  fc.assert(
    fc.property(numbers, ([atStart, drainMs]) => {
      const groups = drain(atStart, drainMs);
      const sum = groups.reduce((all, group) => all + group, 0);
      assert.equal(sum, atStart);
      assert.ok(groups.length * drainStepMs(drainMs) < drainMs + drainStepMs(drainMs));
    }),
  );
});

test("those who leave by themselves need not be sent", () => {
  assert.deepEqual([...new Set(drain(100, 10_000, () => 1))], [0]);
  assert.equal(leavingNow({ atStart: 100, open: 10, drainMs: 1000, elapsedMs: 500 }), 0);
});

test("without time all leave at once, and before it begins nobody", () => {
  assert.equal(leavingNow({ atStart: 7, open: 7, drainMs: 0, elapsedMs: 0 }), 7);
  assert.equal(leavingNow({ atStart: 7, open: 7, drainMs: 1000, elapsedMs: 0 }), 0);
  assert.equal(leavingNow({ atStart: 0, open: 0, drainMs: 1000, elapsedMs: 2000 }), 0);
});
