import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, peerNo, Stage, sent } from "./stage.ts";

const { content } = CONTENT;
/** Of twenty pieces eight are in the window. */
const WINDOW = { windowBytes: 8 * CHUNK };
const PAST_OURS = Array.from({ length: 12 }, (_, piece) => piece);

/** Until a member that no longer says it is there is forgotten; its neighbours are heard all the time. */
function outlast(stage: Stage, { ms = 16_000, neighbours = [1, 2, 3] } = {}): void {
  for (let waited = 0; waited < ms; waited += 1000) {
    for (const peer of neighbours) stage.hears(peerNo(peer), { type: "pong", handle: 0, request: 0 });
    stage.wait(1000);
  }
}

function enlisted(options: ConstructorParameters<typeof Stage>[0], have: readonly number[]): boolean {
  const stage = new Stage(options);
  stage.add();
  stage.want({}, { firstByteMs: 60_000 });
  for (const peer of [1, 2, 3]) stage.meet(peerNo(peer), { have, wants: true, serves: false });
  outlast(stage);
  return stage.node.roster(content, stage.now).includes(peerNo(500));
}

test("who is so far behind that others need what lies beyond its window is not on duty for them", () => {
  assert.equal(enlisted(WINDOW, PAST_OURS), false);
  assert.equal(enlisted(WINDOW, [0, 1]), true);
});

test("who can fetch all that is wanted is never too far behind", () => {
  assert.equal(enlisted({}, PAST_OURS), true);
});

test("nobody is behind when all windows end alike: they wait for a piece that is missing in all of them", () => {
  const big = simContent(6, [8 * MIB], CHUNK);
  const fit = (windows: number) => {
    const stage = new Stage({ windowBytes: 2 * MIB });
    stage.add(big);
    stage.want({ content: big.content, end: 8 * MIB }, { firstByteMs: 60_000 });
    // They have all of our window but the first piece.
    const have = Array.from({ length: 31 }, (_, piece) => piece + 1);
    for (const peer of [1, 2, 3]) {
      stage.meet(peerNo(peer), { content: big, have, serves: false });
      const runs = [
        { first: 0, count: windows },
        { first: 0, count: 128 },
      ];
      stage.hears(peerNo(peer), { type: "interested", handle: 1, request: 0, now: 1, runs });
    }
    outlast(stage);
    return stage.node.roster(big.content, stage.now).includes(peerNo(500));
  };
  assert.equal(fit(32), true);
  assert.equal(fit(48), false, "theirs reach further");
});

test("who is behind is forgotten by all at the same time, itself too, twelve seconds after it last said that it is there", () => {
  const stage = new Stage(WINDOW);
  stage.add();
  stage.want({}, { firstByteMs: 60_000 });
  stage.meet(peerNo(1), { have: [], wants: true, serves: false });
  stage.wait(1000);
  const told = () => sent(stage.effects, "roster", peerNo(1)).flatMap(({ entries }) => entries);
  const before = told().filter(({ peer }) => peer === peerNo(500)).length;
  assert.ok(before > 0);
  stage.hears(peerNo(1), { type: "have", handle: 1, request: 0, pieces: ALL.slice(0, 12) });
  stage.wait(5000);
  assert.ok(stage.node.roster(content, stage.now).includes(peerNo(500)));
  outlast(stage, { ms: 10_000, neighbours: [1] });
  assert.ok(!stage.node.roster(content, stage.now).includes(peerNo(500)));
  assert.ok(
    told().every(({ peer, age }) => peer !== peerNo(500) || age <= 48),
    "no withdrawal, and no older news",
  );
});
