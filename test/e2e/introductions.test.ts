import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cutSignaling, makeSignalingCuttable } from "./support/signaling.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { assertRight, fetchAll, stats, until } from "./support/visit.ts";

const SIZES = { "of-both.bin": 2_000_000, "of-a.bin": 2_000_000 };

describe("a viewer that the signaling server introduced to one other", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ sizes: SIZES, latencyMs: 25, bytesPerSecond: 8_000_000 });
  });
  after(() => stage.close());

  it("is introduced to the third by that one, and gets what only the third has, with server and origin gone", async () => {
    const a = await stage.open(undefined, makeSignalingCuttable);
    assertRight(stage, await fetchAll(a, Object.keys(SIZES)));
    const b = await stage.open();
    assertRight(stage, await fetchAll(b, ["of-both.bin"]));
    const [idOfA, idOfB] = [(await stats(a)).peer, (await stats(b)).peer];

    // The server knows A no more, and hands out B alone.
    await cutSignaling(a);
    await until(a, ({ tracker }) => tracker !== "up");
    const c = await stage.open();
    await until(c, ({ peers }) => peers.some(({ peer }) => peer === idOfB));
    await stage.stopSignaling();
    const { peers } = await until(c, ({ peers, tracker }) => peers.length === 2 && tracker !== "up");
    assert.deepEqual(peers.map(({ peer }) => peer).sort(), [idOfA, idOfB].sort());

    for (const name of Object.keys(SIZES)) stage.origin.faults.set(`/assets/${name}`, { down: true });
    const sentBefore = stage.originBytes();
    assertRight(stage, await fetchAll(c, Object.keys(SIZES)));
    const figures = await stats(c);
    assert.deepEqual([figures.peerBytes, figures.originBytes], [stage.totalBytes, 0]);
    assert.equal(stage.originBytes(), sentBefore);
    const fromA = figures.resources.find(({ path }) => path === "of-a.bin");
    assert.deepEqual(fromA?.peers, { [idOfA]: SIZES["of-a.bin"] });
  });
});
