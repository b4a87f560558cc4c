import assert from "node:assert/strict";
import { test } from "node:test";
import { simContent } from "#test/sim/sim-content.ts";
import { CHUNK, of, Stage } from "./stage.ts";

/** A plan was made when the first byte was wanted, while the tracker gave hope; then the hope goes. */
function hopeGoes(pieces: number) {
  const page = simContent(8, [pieces * CHUNK]);
  const stage = new Stage();
  stage.input({ type: "tracker", tracker: { state: "connecting", graceMs: 10_000 } });
  stage.add(page);
  const patience = { firstByteMs: 60_000, minBytesPerSecond: 1000 };
  stage.want({ content: page.content, end: pieces * CHUNK }, patience);
  stage.wait(1);
  return { page, stage, effects: stage.input({ type: "tracker", tracker: { state: "down" } }) };
}

test("few pieces are planned for at each piece of news; for many the origin's part rests, and not for long", () => {
  assert.equal(of(hopeGoes(100).effects, "fetch-origin").length, 1);
  const { stage, effects } = hopeGoes(200);
  assert.deepEqual(of(effects, "fetch-origin"), []);
  // 0.3 ms for each of the hundred that are more than few.
  assert.deepEqual(of(stage.wait(28), "fetch-origin"), []);
  assert.equal(of(stage.wait(2), "fetch-origin").length, 1);
  const most = hopeGoes(1500).stage;
  assert.deepEqual(of(most.wait(98), "fetch-origin"), []);
  assert.equal(of(most.wait(2), "fetch-origin").length, 1);
});

test("however many pieces are due, the origin is asked for the next ones as soon as it has sent what it was asked for", () => {
  const { page, stage } = hopeGoes(1500);
  const [first] = of(stage.wait(100), "fetch-origin");
  assert.ok(first);
  stage.wait(1);
  stage.originBrings(first.fetch, [0], page);
  assert.deepEqual(of(stage.input({ type: "tracker", tracker: { state: "down" } }), "fetch-origin"), []);
  const next = of(stage.input({ type: "origin-done", fetch: first.fetch }), "fetch-origin");
  assert.equal(next.length, 1);
});
