import assert from "node:assert/strict";
import { test } from "node:test";
import { constantRandom, type FakeTimers } from "./tracker-fakes.ts";
import { FILM, SONG, stage, stageUp, TIMEOUT } from "./tracker-stage.ts";

test(
  "waits 0.5 to 2 s for as long as a restart takes, then up to 15 s, and says down once",
  TIMEOUT,
  async (t) => {
    const { server, timers, ear } = await stage(t);
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 24; attempt++) {
      await server.heard(attempt);
      server.socket.terminate();
      await waitForDelay(timers, (delayMs) => delayMs !== 10_000);
      delays.push(timers.delayMs);
      timers.fire();
    }
    assert.deepEqual(delays, [500, 1000, ...Array(18).fill(2000), 4000, 8000, 15_000, 15_000]);
    assert.deepEqual(ear.names, ["down"]);
  },
);

test("the wait is anything down to nothing: full jitter", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stage(t, { random: constantRandom(0.25) });
  await server.heard(1);
  server.socket.terminate();
  await ear.until("down");
  assert.equal(timers.delayMs, 125);
});

test("a welcome resets the wait; opening alone does not", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stage(t);
  for (const attempt of [1, 2]) {
    await server.heard(attempt);
    server.socket.terminate();
    await waitForDelay(timers, (delayMs) => delayMs !== 10_000);
    timers.fire();
  }
  await server.heard(3);
  server.welcome();
  await ear.until("up");
  server.socket.terminate();
  await ear.until("down", 2);
  assert.equal(timers.delayMs, 500);
  assert.deepEqual(ear.names, ["down", "up", "down"]);
});

test(
  "after a loss each content is announced with its latest options, and none that was left",
  TIMEOUT,
  async (t) => {
    const { server, timers, ear, tracker } = await stageUp(t);
    tracker.announce(FILM, { want: 30, complete: false });
    tracker.announce(SONG, { want: 30, complete: false });
    tracker.announce(FILM, { want: 900, complete: true });
    tracker.leave(SONG);
    await server.heard(5);
    server.socket.terminate();
    await ear.until("down");
    timers.fire();
    await server.heard(6);
    server.welcome();
    assert.deepEqual(await server.heard(7), { type: "announce", content: FILM, want: 50, complete: true });
  },
);

test("a server that does not welcome in time is tried again", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stage(t);
  await server.heard(1);
  assert.equal(timers.delayMs, 10_000);
  timers.fire();
  assert.deepEqual(ear.names, ["down"]);
  assert.equal(timers.delayMs, 500);
});

test("a link that is half open is noticed at the second heartbeat", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stageUp(t);
  assert.equal(timers.delayMs, 30_000);
  timers.fire();
  assert.deepEqual(await server.heard(2), { type: "ping" });
  server.say({ type: "pong" });
  server.say({ type: "peers" });
  await ear.until("refused");
  timers.fire();
  await server.heard(3);
  timers.fire();
  assert.deepEqual(ear.names, ["up", "refused", "down"]);
  assert.equal(timers.delayMs, 500);
});

test("a heartbeat of a millisecond is taken for a second", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stage(t);
  await server.heard(1);
  server.welcome(1);
  await ear.until("up");
  assert.equal(timers.delayMs, 1000);
});

for (const code of [
  ...["version", "bad-secret", "token-missing", "token-invalid", "token-expired"],
  "too-many-connections-with-token",
]) {
  test(`the refusal "${code}" is reported, and tried again only after minutes`, TIMEOUT, async (t) => {
    const { server, timers, ear } = await stage(t, { random: constantRandom(0.5) });
    await server.heard(1);
    server.say({ type: "error", code, message: "No." });
    await ear.until("down");
    assert.deepEqual(ear.heard, [{ on: "refused", code: "signaling-refused" }, { on: "down" }]);
    assert.equal(timers.delayMs, 90_000);
  });
}

test(
  "so is being replaced by the same peer; a draining server is left like any other loss",
  TIMEOUT,
  async (t) => {
    const { server, timers, ear } = await stageUp(t);
    server.socket.close(4002, "replaced");
    await ear.until("down");
    assert.equal(timers.delayMs, 60_000);
    timers.fire();
    await server.heard(2);
    server.welcome();
    await ear.until("up", 2);
    server.socket.close(1001, "draining");
    await ear.until("down", 2);
    assert.equal(timers.delayMs, 500);
    assert.deepEqual(ear.names, ["up", "refused", "down", "up", "down"]);
  },
);

test("the network's return means another attempt at once", TIMEOUT, async (t) => {
  const online = new EventTarget();
  const { server, timers, ear, tracker } = await stage(t, { online });
  await server.heard(1);
  server.socket.terminate();
  await ear.until("down");
  online.dispatchEvent(new Event("online"));
  await server.heard(2);
  online.dispatchEvent(new Event("online"));
  assert.equal(server.connections, 2);
  tracker.close();
  online.dispatchEvent(new Event("online"));
  assert.equal(timers.pending.size, 0);
});

test("a URL that is none is reported as refused, not thrown", TIMEOUT, async (t) => {
  const { ear } = await stage(t, { url: "no url" });
  await ear.until("down");
  assert.deepEqual(ear.heard, [{ on: "refused", code: "signaling-refused" }, { on: "down" }]);
});

/** Waits until the tracker has noticed what the server did, which shows in its timer. */
async function waitForDelay(timers: FakeTimers, expected: (delayMs: number) => boolean): Promise<void> {
  while (![...timers.pending.values()].some(({ delayMs }) => expected(delayMs))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
