import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "#sdk/base/time.ts";
import { SaidLately } from "#sdk/client/share/said-lately.ts";

test("the same is said once in ten seconds", () => {
  const said = new SaidLately();
  assert.deepEqual(
    [0, 1, 9.9 * second, 10 * second, 11 * second].map((now) => said.maySay("It is late.", now)),
    [true, false, false, true, false],
  );
});

test("who has ever new words is heard a while, and again later", () => {
  const said = new SaidLately();
  const heard = (from: number, now: number) =>
    Array.from({ length: 1000 }, (_, at) => said.maySay(`words ${from + at}`, now)).filter(Boolean).length;
  assert.deepEqual([heard(0, 0), heard(1000, 5 * second), heard(2000, 10 * second)], [64, 0, 64]);
});
