import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { Runner } from "#sdk/client/runner.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import { bytesOf, CONTENT, catalogOf, peerId } from "./support/sample.ts";

const TICK = { type: "tick" } as const;
const UP = { type: "tracker", tracker: { state: "up" } } as const;
const leave = (peer: string): Effect => ({ type: "refuse", peer: peerId(peer) });

/** A node whose answers the test writes. */
class ScriptedNode extends Node {
  readonly taken: [Input["type"], number][] = [];
  effects: Effect[][] = [];
  wake = Number.POSITIVE_INFINITY;
  /** What the engine wishes after each of the next inputs. */
  wakes: number[] = [];

  constructor() {
    super({ self: peerId("0"), random: seededRandom(1) });
  }

  override get wakeAt(): number {
    return this.wake;
  }

  override step(input: Input, now: number): Effect[] {
    this.taken.push([input.type, now]);
    this.wake = this.wakes.shift() ?? this.wake;
    return this.effects.shift() ?? [];
  }

  get types(): string[] {
    return this.taken.map(([type]) => type);
  }
}

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
