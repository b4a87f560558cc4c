import assert from "node:assert/strict";
import { test } from "node:test";
import { chaos } from "./chaos.ts";

function survives(seed: number): void {
  const world = chaos(seed);
  assert.equal(world.wanting.length, 0, `seed ${seed}: somebody waits for ever`);
  // Only the origin's word ends a want without its bytes.
  if (world.origin.options.outages.length === 0)
    for (const { failure } of world.consumers) assert.equal(failure, undefined, `seed ${seed}`);
}

for (let decade = 0; decade < 8; decade++) {
  test(`whatever goes wrong, whoever stays gets its bytes or an error (seeds ${10 * decade}–${10 * decade + 9})`, () => {
    for (let seed = 10 * decade; seed < 10 * decade + 10; seed++) survives(seed);
  });
}

test("seed 26: the limit of origin fetches holds for all contents together", () => survives(26));
test("seed 40: the limit of unverified bytes holds for all contents together", () => survives(40));
