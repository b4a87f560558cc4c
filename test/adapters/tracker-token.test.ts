import assert from "node:assert/strict";
import { test } from "node:test";
import type { IceServer } from "#sdk/protocol/index.ts";
import { FILM, stage, stageUp, TIMEOUT } from "./tracker-stage.ts";

test("a token goes into the URL's query, and beside what is there already", TIMEOUT, async (t) => {
  const { server, tracker } = await stage(t, { token: "a+b/c=" });
  await server.heard(1);
  assert.deepEqual(server.targets, ["/?token=a%2Bb%2Fc%3D"]);
  tracker.close();
  const { server: other } = await stage(t, { token: "t" });
  const beside = await stage(t, { token: "t", url: `${other.url}/room?shop=1` });
  await other.heard(2);
  assert.deepEqual(other.targets, ["/?token=t", "/room?shop=1&token=t"]);
  beside.tracker.close();
});

test("without a token the URL is left alone", TIMEOUT, async (t) => {
  const { server } = await stage(t);
  await server.heard(1);
  assert.deepEqual(server.targets, ["/"]);
});

test("a function is asked for a token anew for each connection", TIMEOUT, async (t) => {
  let count = 0;
  const { server, timers, ear } = await stageUp(t, { token: async () => `t${++count}` });
  server.socket.terminate();
  await ear.until("down");
  timers.fire();
  await server.heard(2);
  assert.deepEqual(server.targets, ["/?token=t1", "/?token=t2"]);
});

test(
  "a token that expires while the link is up leads to a quick reconnect with a fresh one, quietly",
  TIMEOUT,
  async (t) => {
    let count = 0;
    const { server, timers, ear } = await stageUp(t, { token: () => `t${++count}` });
    server.say({ type: "error", code: "token-expired", message: "It has." });
    await ear.until("down");
    assert.deepEqual(ear.names, ["up", "down"]);
    assert.equal(timers.delayMs, 500);
    timers.fire();
    await server.heard(2);
    assert.deepEqual(server.targets, ["/?token=t1", "/?token=t2"]);
  },
);

test("keys that the server cannot get are a loss like any other", TIMEOUT, async (t) => {
  const { server, timers, ear } = await stage(t, { token: "t" });
  await server.heard(1);
  server.say({ type: "error", code: "token-unverifiable", message: "Not now." });
  await ear.until("refused");
  server.socket.close(4003, "token-refused");
  await ear.until("down");
  assert.equal(timers.delayMs, 500);
});

test("a function that throws, or rejects, is reported and asked again soon", TIMEOUT, async (t) => {
  const cause = new Error("No session.");
  for (const token of [
    () => Promise.reject(cause),
    () => {
      throw cause;
    },
  ]) {
    const { server, timers, ear } = await stage(t, { token });
    await ear.until("down");
    assert.deepEqual(ear.names, ["refused", "down"]);
    assert.deepEqual(server.targets, []);
    assert.equal(timers.delayMs, 500);
  }
});

test(
  "a token that never comes is given up with the attempt, and does not connect when it comes after all",
  TIMEOUT,
  async (t) => {
    const given: ((token: string) => void)[] = [];
    const token = () => new Promise<string>((resolve) => given.push(resolve));
    const { server, timers, ear } = await stage(t, { token });
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(timers.delayMs, 10_000);
    timers.fire();
    assert.deepEqual(ear.names, ["down"]);
    timers.fire();
    given[0]?.("late");
    given[1]?.("in-time");
    await server.heard(1);
    assert.deepEqual(server.targets, ["/?token=in-time"]);
  },
);

test("a tracker that is closed while a token is waited for never connects", TIMEOUT, async (t) => {
  let give: (token: string) => void = () => {};
  const token = () =>
    new Promise<string>((resolve) => {
      give = resolve;
    });
  let made = 0;
  class Counted {
    constructor() {
      made += 1;
    }
  }
  const { tracker } = await stage(t, { token, WebSocket: Counted as never });
  await new Promise((resolve) => setImmediate(resolve));
  tracker.close();
  give("t");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(made, 0);
});

test(
  "the server's STUN and TURN servers are told of, those of the welcome and fresher ones",
  TIMEOUT,
  async (t) => {
    const told: (readonly IceServer[])[] = [];
    let wake = () => {};
    const onIceServers = (servers: readonly IceServer[]) => {
      told.push(servers);
      wake();
    };
    const { server, ear } = await stage(t, { onIceServers });
    await server.heard(1);
    const turn = (credential: string) => [{ urls: ["turn:t.example"], username: "1:p", credential }];
    server.say({ type: "welcome", version: 1, heartbeatMs: 30_000, ice: { servers: turn("first") } });
    await ear.until("up");
    assert.deepEqual(told, [turn("first")]);
    const again = new Promise<void>((resolve) => {
      wake = resolve;
    });
    server.say({ type: "ice", ice: { servers: turn("second"), expiresInMs: 1000 } });
    await again;
    assert.deepEqual(told[1], turn("second"));
  },
);

test(
  "what a peer has, and how many connections it takes, goes along with an announce, also after a loss",
  TIMEOUT,
  async (t) => {
    const { server, timers, ear, tracker } = await stageUp(t);
    const announcement = { want: 3, complete: false, have: "00000000000000ff", free: 4 };
    tracker.announce(FILM, announcement);
    assert.deepEqual(await server.heard(2), { type: "announce", content: FILM, ...announcement });
    server.socket.terminate();
    await ear.until("down");
    timers.fire();
    await server.heard(3);
    server.welcome();
    assert.deepEqual(await server.heard(4), { type: "announce", content: FILM, ...announcement });
  },
);
