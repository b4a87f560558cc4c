import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { Runner } from "#sdk/client/runner.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { Effect } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import { bytesOf, CONTENT, catalogOf, peerId } from "./support/sample.ts";
import { ScriptedNode, UP } from "./support/scripted-node.ts";

const TICK = { type: "tick" } as const;
const leave = (peer: string): Effect => ({ type: "refuse", peer: peerId(peer) });

test("an input that an effect causes is taken after all effects of the present one", () => {
  const node = new ScriptedNode();
  node.effects = [[leave("a"), leave("b")], [leave("c")]];
  const order: string[] = [];
  const runner = new Runner({
    node,
    now: () => 0,
    perform: (effect) => {
      order.push(effect.type === "refuse" ? effect.peer.charAt(0) : effect.type);
      if (order.length === 1) {
        runner.input(UP);
        order.push(`taken: ${node.types.join()}`);
      }
    },
  });
  runner.input(TICK);
  assert.deepEqual(order, ["a", "taken: tick", "b", "c"]);
  assert.deepEqual(node.types, ["tick", "tracker"]);
});

test("after an effect that throws, the inputs that wait are still taken, and later ones too", () => {
  const node = new ScriptedNode();
  node.effects = [[leave("a")]];
  let thrown = 0;
  const runner = new Runner({
    node,
    now: () => 0,
    perform: () => {
      runner.input(UP);
      thrown++;
      throw new Error("an effect failed");
    },
  });
  assert.throws(() => runner.input(TICK), /an effect failed/);
  runner.input(TICK);
  assert.equal(thrown, 1);
  assert.deepEqual(node.types, ["tick", "tracker", "tick"]);
});

test("once stopped, nothing is taken, performed or timed any more", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const node = new ScriptedNode();
    node.wake = 10;
    node.effects = [[], [leave("a"), leave("b")]];
    const performed: string[] = [];
    const runner = new Runner({
      node,
      now: () => 0,
      perform: (effect) => {
        performed.push(effect.type === "refuse" ? effect.peer.charAt(0) : effect.type);
        runner.input(UP);
        runner.stop();
      },
    });
    runner.input(TICK);
    runner.input(TICK);
    runner.input(UP);
    mock.timers.tick(1000);
    assert.deepEqual(performed, ["a"]);
    assert.deepEqual(node.types, ["tick", "tick"]);
  } finally {
    mock.timers.reset();
  }
});

test("a real engine is woken by its own timer", async () => {
  const { geometry } = await catalogOf({ "a.bin": bytesOf(100_000) });
  const effects: string[] = [];
  const node = new Node({ self: peerId("0"), random: seededRandom(1) });
  await new Promise<void>((resolve) => {
    const runner = new Runner({
      node,
      now: () => performance.now(),
      perform: (effect) => {
        effects.push(effect.type);
        if (effect.type !== "fetch-origin") return;
        runner.stop();
        resolve();
      },
    });
    const have = new Bitfield(geometry.pieceCount);
    runner.input({ type: "content-added", content: CONTENT, geometry, have });
    // While the tracker connects there is hope for peers: the origin is asked once its grace is over.
    runner.input({ type: "tracker", tracker: { state: "connecting", graceMs: 30 } });
    const patience = { firstByteMs: 10_000, minBytesPerSecond: 1_000_000 };
    const want = { want: 1, content: CONTENT, resource: 0, start: 0, end: 100_000, patience };
    runner.input({ type: "wanted", want });
    assert.ok(!effects.includes("fetch-origin"));
  });
});

test("a page whose timers are late is busy, and for a second after; one whose timers the browser holds back is not", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    for (const [lateMs, busy] of [
      [5, false],
      [20, true],
      [600, false],
    ] as const) {
      const node = new ScriptedNode();
      node.wakes = [10, Number.POSITIVE_INFINITY];
      let now = 0;
      const runner = new Runner({ node, now: () => now, perform: () => undefined });
      runner.input(TICK);
      assert.equal(runner.busy, false);
      now = 10 + lateMs;
      mock.timers.tick(10);
      assert.equal(runner.busy, busy, `${lateMs} ms late`);
      now += 999;
      assert.equal(runner.busy, busy);
      now += 1;
      assert.equal(runner.busy, false);
      runner.stop();
    }
  } finally {
    mock.timers.reset();
  }
});
