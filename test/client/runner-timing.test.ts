import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Runner } from "#sdk/client/runner.ts";
import { ScriptedNode, UP } from "./support/scripted-node.ts";

test("a tick comes when the engine asked for it, and not before", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const node = new ScriptedNode();
    let now = 1000;
    const runner = new Runner({ node, now: () => now, perform: () => undefined });
    node.wakes = [1000.5 + 99, Number.POSITIVE_INFINITY];
    runner.input(UP);
    now += 99;
    mock.timers.tick(99);
    assert.deepEqual(node.types, ["tracker"]);
    now += 1;
    mock.timers.tick(1);
    assert.deepEqual(node.taken, [
      ["tracker", 1000],
      ["tick", 1100],
    ]);
    mock.timers.tick(1_000_000);
    assert.equal(node.taken.length, 2);
  } finally {
    mock.timers.reset();
  }
});

test("only the engine's last wish counts, a past one is due at once, and a far one does not overflow", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const node = new ScriptedNode();
    let now = 0;
    const runner = new Runner({ node, now: () => now, perform: () => undefined });
    const pass = (ms: number) => {
      now += ms;
      mock.timers.tick(ms);
    };
    node.wakes = [50, 80, 2 ** 40, -5, Number.POSITIVE_INFINITY];
    runner.input(UP);
    runner.input(UP);
    pass(50);
    pass(29);
    assert.deepEqual(node.types, ["tracker", "tracker"]);
    pass(1);
    assert.deepEqual(node.types, ["tracker", "tracker", "tick"]);
    pass(1000);
    assert.equal(node.taken.length, 3);
    runner.input(UP);
    pass(1);
    assert.deepEqual(node.types.slice(3), ["tracker", "tick"]);
  } finally {
    mock.timers.reset();
  }
});

test("a wish for later, at each of many inputs, sets no timer", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { setTimeout: mocked } = globalThis;
  let timers = 0;
  const counting = ((...given: Parameters<typeof mocked>) => {
    timers++;
    return mocked(...given);
  }) as typeof setTimeout;
  globalThis.setTimeout = counting;
  try {
    const node = new ScriptedNode();
    let now = 0;
    const runner = new Runner({ node, now: () => now, perform: () => undefined });
    for (let i = 0; i < 100; i++) {
      node.wake = 20 + i;
      runner.input(UP);
    }
    assert.equal(timers, 1);
    // The one that was set comes too early by now: it sets another, and no tick comes of it.
    now = 20;
    mock.timers.tick(20);
    assert.equal(timers, 2);
    assert.ok(!node.types.includes("tick"));
  } finally {
    globalThis.setTimeout = mocked;
    mock.timers.reset();
  }
});

test("a tick that comes late, as the page was busy, first lets be heard what came meanwhile", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    for (const lateMs of [5, 60, 2000]) {
      for (const news of [true, false]) {
        const node = new ScriptedNode();
        let now = 0;
        const runner = new Runner({ node, now: () => now, perform: () => undefined });
        node.wakes = [20, Number.POSITIVE_INFINITY];
        runner.input(UP);
        now = 20 + lateMs;
        mock.timers.tick(20);
        const waits = lateMs === 60;
        assert.deepEqual(node.types, waits ? ["tracker"] : ["tracker", "tick"], `${lateMs} ms`);
        if (!waits) continue;
        if (news) runner.input(UP);
        // Once only: a page that is busy all the time gets its ticks too.
        now += 3 * lateMs;
        mock.timers.tick(lateMs);
        assert.deepEqual(node.types, ["tracker", news ? "tracker" : "tick"]);
      }
    }
  } finally {
    mock.timers.reset();
  }
});
