import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fallSilentAfter, flipBits, sendSlowly } from "./support/misbehave.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { assertRight, fetchAll, listen, stats, until } from "./support/visit.ts";

const SIZES = { "a.bin": 6_000_000, "b.bin": 6_000_000 };
const NAMES = Object.keys(SIZES);
const PACE = { latencyMs: 25, bytesPerSecond: 8_000_000 };

/** One stage a test: what a bad peer did must not reach the next one. */
async function withStage(run: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage({ sizes: SIZES, ...PACE });
  try {
    await run(stage);
  } finally {
    await stage.close();
  }
}

/** Nothing that was verified is fetched again: what the page was given is what was verified, once. */
async function assertNothingTwice(
  stage: Stage,
  viewer: Parameters<typeof stats>[0],
  seen: readonly object[],
): Promise<void> {
  const { originBytes, peerBytes, storeBytes } = await stats(viewer);
  assert.equal(originBytes + peerBytes + storeBytes, stage.totalBytes);
  const verified = seen.reduce((sum, event) => sum + ("bytes" in event ? Number(event.bytes) : 0), 0);
  assert.equal(verified, stage.totalBytes, "each piece was verified once");
}

describe("bad peers", () => {
  it("a peer that dies in mid-transfer costs a re-request, not a wrong or repeated byte", () =>
    withStage(async (stage) => {
      const seeder = await stage.open(undefined, (page) => sendSlowly(page, 2_000_000));
      await fetchAll(seeder, NAMES);
      const before = stage.originBytes();
      const viewer = await stage.open();
      const pieces = await listen(viewer, "piece");
      await until(viewer, ({ peers }) => peers.length === 1);
      const fetching = fetchAll(viewer, NAMES);
      await until(viewer, ({ peerBytes }) => peerBytes > 1_000_000);
      await seeder.close();
      assertRight(stage, await fetching);
      await assertNothingTwice(stage, viewer, await pieces());
      assert.ok(stage.originBytes() - before < stage.totalBytes, "what the peer had sent did not come again");
    }));

  it("a peer that falls silent is left for the origin, and nothing verified comes twice", () =>
    withStage(async (stage) => {
      const seeder = await stage.open(undefined, (page) => fallSilentAfter(page, 40));
      await fetchAll(seeder, NAMES);
      const before = stage.originBytes();
      const viewer = await stage.open();
      const pieces = await listen(viewer, "piece");
      await until(viewer, ({ peers }) => peers.length === 1);
      assertRight(stage, await fetchAll(viewer, NAMES));
      await assertNothingTwice(stage, viewer, await pieces());
      const { peerBytes } = await stats(viewer);
      assert.ok(peerBytes > 1_000_000, `${peerBytes} bytes from the peer before it fell silent`);
      assert.ok(stage.originBytes() - before < stage.totalBytes);
    }));

  it("a peer that flips bits is banned, and no wrong byte reaches the page", () =>
    withStage(async (stage) => {
      const liar = await stage.open(undefined, flipBits);
      await fetchAll(liar, NAMES);
      const viewer = await stage.open();
      const banned = await listen(viewer, "peer-banned");
      await until(viewer, ({ peers }) => peers.length === 1);
      assertRight(stage, await fetchAll(viewer, NAMES));
      const figures = await stats(viewer);
      assert.equal(figures.peerBytes, 0, "not a byte came from the liar");
      assert.deepEqual(
        (await banned()).map((event) => ("peer" in event ? event.peer : "")),
        [(await stats(liar)).peer],
      );
      assert.ok(figures.wastedBytes > 0);
      assert.deepEqual(figures.peers, []);
    }));

  it("an honest peer goes on serving while a liar is banned", () =>
    withStage(async (stage) => {
      const honest = await stage.open();
      await fetchAll(honest, NAMES);
      const liar = await stage.open(undefined, flipBits);
      await fetchAll(liar, NAMES);
      const viewer = await stage.open();
      const banned = await listen(viewer, "peer-banned");
      await until(viewer, ({ peers }) => peers.length === 2);
      assertRight(stage, await fetchAll(viewer, NAMES));
      const liarId = (await stats(liar)).peer;
      assert.deepEqual(
        (await banned()).map((event) => ("peer" in event ? event.peer : "")),
        [liarId],
      );
      assert.ok((await stats(viewer)).peerBytes > stage.totalBytes / 2);
    }));
});
